import { expect } from 'chai'
import { directionOf, tongueOf } from '../../src/article-text/tongue.ts'

describe('article-text: tongue', () => {
  const directions: readonly (readonly [string, 'ltr' | 'rtl'])[] = [
    ['Usenet', 'ltr'],
    ['', 'ltr'],
    ['42!', 'ltr'],
    ['שאלה על bidi', 'rtl'],
    ['Re: שאלה על bidi', 'rtl'],
    ['AW: Re[2]: [bidi] لماذا؟', 'rtl'],
    ['Fwd: (1) شكرًا Ann', 'rtl'],
    ['Regarding שלום', 'ltr'],
    ['[bidi]', 'ltr'],
    ['Re: ', 'ltr'],
    ['ߞߊߙߊ', 'rtl'],
    ['𞤀𞤁𞤂', 'rtl'],
  ]
  for (const [subject, direction] of directions)
    it(`${subject || 'nothing'} runs ${direction}`, () => expect(directionOf(subject)).to.equal(direction))

  const tongues: readonly (readonly [string, string])[] = [
    ['Grüße, привет, שלום', ''],
    ['ニュースグループ', 'ja'],
    ['今日は良い天気です', 'ja'],
    ['Re: 한국어 뉴스그룹', 'ko'],
    ['為什麼新聞群組仍然重要', 'zh-Hant'],
    ['关于新闻服务器的一个问题', 'zh-Hans'],
    ['東京', ''],
  ]
  for (const [text, tongue] of tongues)
    it(`${text} is ${tongue || 'of no language that shows'}`, () => expect(tongueOf(text)).to.equal(tongue))

  it('looks at long texts once', () => {
    expect(directionOf('[x]'.repeat(100_000))).to.equal('ltr')
    expect(directionOf('Re: '.repeat(100_000))).to.equal('ltr')
    expect(directionOf(`${' '.repeat(100_000)}ש`)).to.equal('rtl')
    expect(directionOf(`re${' '.repeat(1_000_000)}ש`)).to.equal('ltr')
    expect(directionOf(`re[${'1'.repeat(1_000_000)}ש`)).to.equal('ltr')
    expect(directionOf(`re [2]${' '.repeat(1_000_000)}:ש`)).to.equal('rtl')
    expect(tongueOf('a'.repeat(300_000))).to.equal('')
  })
})
