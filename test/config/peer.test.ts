import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { parse } from 'smol-toml'
import { loadConfig } from '../../src/config/file.ts'
import { findPeerSection, peerFile, peerFileText } from '../../src/config/peer.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

describe('sections of peers', () => {
  it('are written as TOML that reads back the same', () => {
    const text = fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map(code => String.fromCharCode(code)) })
    const values = fc.oneof(text, fc.array(text), fc.boolean(), fc.nat())
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z_]+$/), values), section => {
        // DEL is the one character that JSON lets pass and TOML does not; no value of a peer may hold it.
        fc.pre(!JSON.stringify(section).includes('\x7f'))
        const { peer } = parse(peerFileText(section))
        expect(Array.isArray(peer) && { ...Object(peer[0]) }).to.deep.equal({ ...section })
      }),
    )
  })

  it('are found with file and line, and known as ours or not', async () => {
    await using folder = await temporaryDirectory()
    const main = join(folder.path, 'tidings.toml')
    mkdirSync(join(folder.path, 'conf.d'))
    writeFileSync(main, '[node]\n\n[[peer]]\nname = "a.example"\n\n[[peer]]\nname = "B.example"\n')
    expect(findPeerSection(main, 'b.example')).to.deep.include({ file: main, line: 6, ours: false })
    expect(findPeerSection(main, 'c.example')).to.equal(undefined)

    const file = peerFile(main, 'C.example')
    expect(file).to.equal(join(folder.path, 'conf.d', 'c.example.toml'))
    const text = peerFileText({ name: 'c.example', send: 'a#b' })
    writeFileSync(file, text)
    expect(findPeerSection(main, 'c.example')).to.deep.include({ file, line: 2, ours: true })
    expect(findPeerSection(main, 'c.example')?.values).to.deep.include({ name: 'c.example', send: 'a#b' })
    for (const edited of [
      `${text}# mine\n`,
      text.replace('"a#b"', '"a" # "b"'),
      text.slice(text.indexOf('\n') + 1),
    ]) {
      writeFileSync(file, edited)
      expect(findPeerSection(main, 'c.example'), edited).to.not.include({ ours: true })
    }
  })

  it('are checked before they are written', async () => {
    await using folder = await temporaryDirectory()
    const main = join(folder.path, 'tidings.toml')
    writeFileSync(main, '[[access]]\n')
    const file = peerFile(main, 'c.example')
    const check = (values: object) => loadConfig(main, {}, new Map([[file, peerFileText({ ...values })]]))
    expect(check({ name: 'c.example' })).to.have.nested.property('config.peer[0].name', 'c.example')
    expect(check({ name: 'c.example', from: ['x'] })).to.deep.equal({
      ok: false,
      errors: [`${file}: peer[0].from[0]: expected an address or CIDR, found "x" (line 4)`],
    })
    mkdirSync(join(folder.path, 'conf.d'))
    writeFileSync(file, 'broken')
    expect(loadConfig(main, {})).to.have.property('ok', false)
    expect(loadConfig(main, {}, new Map([[file, undefined]]))).to.have.property('ok', true)
  })
})
