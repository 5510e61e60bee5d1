/** `/settings/scores`: the rules that hide articles or put them forward, and `/taste`, which makes them by a button. */
import { Wildmat } from '../../wildmat.ts'
import { scoresAddress, twinAddress } from '../addresses.ts'
import { aboutArticle } from '../article/article-tools.ts'
import { findArticle } from '../article/shown-article.ts'
import { backTo } from '../back.ts'
import { type Entry, shownForms, typedLine } from '../form.ts'
import { noSuchArticle } from '../missing.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { ruleOf, wishes, withRule } from '../taste/quick.ts'
import { countFields, countTests, type Rule, ruleSchema, textFields, textTests } from '../taste/rule.ts'
import { ruleText, signed } from '../taste/taste-wording.ts'
import { whenAt } from '../wording.ts'

const address = scoresAddress
const longestDays = 3650

/** What was typed into the form for a new rule. */
type Typed = Readonly<Record<'field' | 'test' | 'value' | 'groups' | 'score' | 'days', string>>

const nothingTyped: Typed = {
  field: 'subject',
  test: 'contains',
  value: '',
  groups: '',
  score: '-100',
  days: '',
}

interface Showing {
  readonly typed?: Typed
  readonly problems?: Readonly<Record<string, string>>
}

export async function scoresPage(site: Site, visit: Visit): Promise<Answer> {
  return showScores(site, visit, {})
}

async function showScores(site: Site, visit: Visit, { typed, problems }: Showing): Promise<Answer> {
  const { words, taste } = visit
  const { scores } = words
  const token = site.tokens.of(visit.cookie)
  return {
    kind: 'page',
    status: problems === undefined ? 200 : 422,
    keepsCookie: true,
    html: () =>
      site.render(
        'scores',
        {
          frame: site.frame(visit, scores.heading, twinAddress(address)),
          heading: scores.heading,
          action: address,
          token,
          rules: taste.rules.map(rule => ({
            text: ruleText(rule, words),
            score: signed(rule.score),
            until: whenAt(rule.expires, words).text,
            id: rule.id,
            about: scores.removeOf(ruleText(rule, words)),
          })),
          forms: shownForms(
            [
              {
                action: address,
                heading: scores.add,
                button: scores.save,
                hidden: { what: 'add' },
                entries: entriesOf(typed ?? nothingTyped, visit),
                ...(problems && { problems }),
              },
            ],
            token,
          ),
        },
        words,
      ),
    data: () => ({ rules: taste.rules }),
  }
}

function entriesOf(typed: Typed, { words: { scores } }: Visit): Entry[] {
  const choices = <Value extends string>(
    values: readonly Value[],
    texts: Record<Value, string>,
    now: string,
  ) => values.map(value => ({ value, text: texts[value], chosen: value === now }))
  return [
    {
      id: 'field',
      label: scores.field,
      choices: choices([...textFields, ...countFields], scores.fields, typed.field),
    },
    {
      id: 'test',
      label: scores.test,
      choices: choices([...textTests, ...countTests], scores.tests, typed.test),
      hint: scores.testHint,
    },
    { id: 'value', label: scores.value, value: typed.value },
    {
      id: 'groups',
      label: scores.groups,
      value: typed.groups,
      hint: scores.groupsHint,
      required: false,
    },
    { id: 'score', label: scores.score, value: typed.score, hint: scores.scoreHint },
    { id: 'days', label: scores.days, value: typed.days, hint: scores.daysHint, required: false },
  ]
}

/** `remove` names a rule; else the fields of a new one. */
export async function changeScores(site: Site, visit: Visit): Promise<Answer> {
  const { form, taste, person } = visit
  if (person === undefined) return { kind: 'redirect', status: 303, to: address }
  const { name } = person.account
  const remove = form.get('remove')
  if (remove !== null) {
    await site.readers.setRules(
      name,
      taste.rules.filter(({ id }) => id !== remove),
    )
    return { kind: 'redirect', status: 303, to: address }
  }
  const typed: Typed = {
    field: typedLine(form, 'field'),
    test: typedLine(form, 'test'),
    value: typedLine(form, 'value'),
    groups: typedLine(form, 'groups'),
    score: typedLine(form, 'score').replace('−', '-'),
    days: typedLine(form, 'days'),
  }
  const made = ruleFrom(typed, visit, { id: site.random(9).toString('base64url'), now: site.clock.now() })
  if ('problems' in made) return showScores(site, visit, { typed, problems: made.problems })
  await site.readers.setRules(name, [...taste.rules, made.rule])
  return { kind: 'redirect', status: 303, to: address }
}

interface Making {
  readonly id: string
  readonly now: number
}

function ruleFrom(
  typed: Typed,
  { words: { scores } }: Visit,
  { id, now }: Making,
): { rule: Rule } | { problems: Record<string, string> } {
  const counts = countFields.some(field => field === typed.field)
  const fits = (counts ? countTests : textTests).some(test => test === typed.test)
  const days = typed.days === '' ? undefined : Number(typed.days)
  const badDays = days !== undefined && !(Number.isInteger(days) && days > 0 && days <= longestDays)
  const { data, error } = ruleSchema.safeParse({
    id,
    kind: counts ? 'count' : 'text',
    field: typed.field,
    test: typed.test,
    value: counts ? numberOr(typed.value) : typed.value,
    groups: typed.groups,
    score: numberOr(typed.score),
    ...(days !== undefined && !badDays && { expires: Math.floor(now / 1000) + days * 86_400 }),
  })
  const wrong = new Set(error?.issues.map(({ path }) => path[0]))
  const badGroups = typed.groups !== '' && Wildmat.parse(typed.groups) === undefined
  const problems = {
    ...((!fits || wrong.has('field')) && { test: scores.badTest }),
    ...(wrong.has('value') && { value: counts ? scores.noNumber : scores.badValue }),
    ...((badGroups || wrong.has('groups')) && { groups: scores.badGroups }),
    ...((wrong.has('score') || data?.score === 0) && { score: scores.badScore }),
    ...(badDays && { days: scores.badDays }),
  }
  if (data === undefined || Object.keys(problems).length > 0)
    return { problems: Object.keys(problems).length > 0 ? problems : { value: scores.badValue } }
  return { rule: data }
}

const numberOr = (text: string): number | string => (/^[+-]?\d{1,9}$/.test(text) ? Number(text) : text)

/** `id` names an article; `as` is what is wanted of its thread or author. */
export async function makeWish(site: Site, visit: Visit): Promise<Answer> {
  const { form, person, taste } = visit
  const id = (form.get('id') ?? '').replace(/^<(.*)>$/s, '$1')
  const article = await findArticle(site, visit, `<${id}>`)
  const wish = wishes.find(each => each === form.get('as'))
  if (article === undefined || person === undefined || wish === undefined) return noSuchArticle
  const making = { id: site.random(9).toString('base64url'), now: site.clock.now() }
  // An address may be longer than a rule.
  const { data } = ruleSchema.safeParse(ruleOf({ wish, about: aboutArticle(article) }, making))
  if (data !== undefined) await site.readers.setRules(person.account.name, withRule(taste.rules, data))
  return backTo(visit, address)
}
