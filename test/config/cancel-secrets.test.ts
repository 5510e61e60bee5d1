import { expect } from 'chai'
import { cancelSecretsIn } from '../../src/config/cancel-secrets.ts'

const long = 'x'.repeat(32)

describe('a file of Cancel-Lock secrets', () => {
  it('has two lines at most, each of 32 octets at least', () => {
    expect(cancelSecretsIn(`${long}\n`)).to.deep.equal([Buffer.from(long)])
    expect(cancelSecretsIn(`${long}\r\n\n ${long}y`)).to.deep.equal([
      Buffer.from(long),
      Buffer.from(`${long}y`),
    ])
    expect(cancelSecretsIn(`${long}\n${long}\n${long}`)).to.match(/more than two lines/)
    expect(cancelSecretsIn(`${long}\nshort`)).to.match(/at least 32 octets/)
    expect(cancelSecretsIn('\n')).to.match(/no secret/)
  })
})
