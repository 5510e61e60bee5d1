import { expect } from 'chai'
import { allRecovered } from '../../../src/storage/database/recovered-logs.ts'

const stamp = '2026/01/02-03:04:05.678901 7f0000000000'
const lines = (...said: string[]) => said.map(line => `${stamp} ${line}\n`).join('')

describe('allRecovered', () => {
  const cases: [string, string[], string, boolean][] = [
    ['nothing to recover', [], lines('Recovering log #3'), true],
    ['nothing said', ['000003.log'], '', false],
    ['recovered', ['000003.log'], lines('Recovering log #3', 'Delete type=0 #3'), true],
    ['one of two', ['000003.log', '000012.log'], lines('Recovering log #12'), false],
    ['both', ['000003.log', '000012.log'], lines('Recovering log #3', 'Recovering log #12'), true],
    ['another number', ['000003.log'], lines('Recovering log #33'), false],
    ['not opened', ['000003.log'], lines('Ignoring error IO error: 000003.log: Too many open files'), false],
    [
      'damaged',
      ['000003.log'],
      lines(
        'Recovering log #3',
        '(ignoring error) a/000003.log: dropping 66 bytes; Corruption: checksum mismatch',
      ),
      false,
    ],
  ]
  for (const [name, logs, text, expected] of cases) {
    it(`${name}: ${expected}`, () => expect(allRecovered(logs, text)).to.equal(expected))
  }
})
