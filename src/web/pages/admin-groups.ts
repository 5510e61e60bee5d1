/** `/admin/groups/`: the newsgroups, one by one to be changed or removed, and a form for a new one. */
import { visibleLine } from '../../article-text/visible.ts'
import { adminGroupsAddress } from '../addresses.ts'
import { done } from '../admin/act.ts'
import { officePage, pagerOf, rowsAtOnce, withOffice } from '../admin/office-page.ts'
import { type FormParts, typedLine } from '../form.ts'
import type { GroupState, Office } from '../office.ts'
import type { OfficeRow } from '../shown/office.ts'
import type { Answer, Site, Visit } from '../site.ts'
import type { Words } from '../words/english.ts'

/** Where one group is changed. */
const oneAddress = (name: string): string => `${adminGroupsAddress}?${new URLSearchParams({ group: name })}`

interface Showing {
  readonly office: Office
  readonly alert?: string | undefined
}

export const groupsPage = withOffice((site, visit, office) => page(site, visit, { office }))

export const changeGroup = withOffice(async (site, visit, office) => {
  const { form, words } = visit
  const { control } = office
  const name = typedLine(form, 'group')
  const wish = { name, status: typedLine(form, 'status'), description: lineOf(form, 'description') }
  const act = (cmd: string, args: object, run: () => Promise<unknown>) =>
    done(site, visit, { office, cmd, args, run })
  let alert: string | undefined = words.admin.unknown
  switch (form.get('do')) {
    case 'add':
      alert = await act('group.add', wish, () => control.addGroup(wish))
      break
    case 'set':
      alert = await act('group.set', wish, () => control.setGroup(wish))
      break
    case 'remove':
      // Typed once more: with the group go the numbers of its articles.
      alert =
        typedLine(form, 'again') === name
          ? await act('group.remove', { name }, () => control.removeGroup(name))
          : words.admin.notAgain
  }
  if (alert !== undefined) return page(site, visit, { office, alert })
  return { kind: 'redirect', status: 303, to: adminGroupsAddress }
})

/** Nothing in it ends a line. */
const lineOf = (form: URLSearchParams, id: string): string => typedLine(form, id).replace(/\p{Cc}+/gu, ' ')

async function page(site: Site, visit: Visit, { office, alert }: Showing): Promise<Answer> {
  const { words, query, form } = visit
  const { admin } = words
  const asked = query.get('group') ?? form.get('group') ?? ''
  const one = asked === '' ? undefined : await groupOf(office, asked)
  const filter = typedLine(query, 'q')
  const after = query.get('after') ?? ''
  const { groups, more } = await groupsAfter(office, filter, after)
  const shown = one === undefined ? groups : [one]
  const next = more && one === undefined ? (groups.at(-1)?.name ?? '') : ''
  return officePage(site, visit, {
    heading: admin.groups,
    here: adminGroupsAddress,
    alert,
    filters: true,
    filter,
    columns: [
      admin.columns.name,
      admin.columns.status,
      admin.columns.articles,
      admin.columns.numbers,
      admin.columns.description,
    ],
    rows: shown.map(
      (group): OfficeRow => ({
        text: visibleLine(group.name),
        to: oneAddress(group.name),
        cells: [
          visibleLine(group.status),
          words.number(group.count),
          numbersOf(group, words),
          visibleLine(group.description),
        ],
        buttons: [],
      }),
    ),
    pager: pagerOf(visit, adminGroupsAddress, { filter, after: one === undefined ? after : one.name, next }),
    forms: one === undefined ? [addForm(visit)] : [setForm(one, visit), removeForm(one, visit)],
    data: { groups: shown, next },
  })
}

/** RFC 3977 6.1.1.2: high is less than low only where nothing is there. */
const numbersOf = ({ low, high }: GroupState, { number, admin }: Words): string =>
  high < low ? admin.noNumbers(number(high + 1)) : `${number(low)}–${number(high)}`

async function groupOf({ control }: Office, name: string): Promise<GroupState | undefined> {
  // Only a name is no pattern. RFC 3977 4.1
  if (!/^[A-Za-z0-9+_.-]+$/.test(name)) return undefined
  for await (const [group] of control.groups(name)) return group
  return undefined
}

/** Words without a wildcard are looked for anywhere in a name. */
async function groupsAfter(
  { control, fault }: Office,
  filter: string,
  after: string,
): Promise<{ readonly groups: readonly GroupState[]; readonly more: boolean }> {
  const pattern = filter === '' ? '*' : /[*?,![\]\\]/.test(filter) ? filter : `*${filter}*`
  const found: GroupState[] = []
  try {
    for await (const groups of control.groups(pattern)) {
      for (const group of groups)
        if (after === '' || Buffer.compare(Buffer.from(group.name), Buffer.from(after)) > 0) found.push(group)
      if (found.length > rowsAtOnce) break
    }
  } catch (error) {
    // A pattern that is none finds nothing.
    if (fault(error) === undefined) throw error
  }
  return { groups: found.slice(0, rowsAtOnce), more: found.length > rowsAtOnce }
}

/** What was typed stays where it was refused. */
function definition(
  { words: { admin }, form }: Visit,
  group?: GroupState,
): NonNullable<FormParts['entries']> {
  return [
    {
      id: 'status',
      label: admin.columns.status,
      hint: admin.statusHint,
      value: form.get('status') ?? group?.status ?? 'y',
    },
    {
      id: 'description',
      label: admin.columns.description,
      value: form.get('description') ?? visibleLine(group?.description ?? ''),
      required: false,
    },
  ]
}

function addForm(visit: Visit): FormParts {
  const { admin } = visit.words
  return {
    action: adminGroupsAddress,
    heading: admin.addGroup,
    button: admin.acts.add,
    hidden: { do: 'add' },
    entries: [
      { id: 'group', label: admin.columns.name, value: typedLine(visit.form, 'group') },
      ...definition(visit),
    ],
  }
}

function setForm(group: GroupState, visit: Visit): FormParts {
  const { admin } = visit.words
  return {
    action: adminGroupsAddress,
    heading: admin.changeOf(visibleLine(group.name)),
    button: admin.acts.set,
    hidden: { do: 'set', group: group.name },
    entries: definition(visit, group),
  }
}

function removeForm({ name }: GroupState, { words: { admin } }: Visit): FormParts {
  return {
    action: adminGroupsAddress,
    heading: admin.removeOf(visibleLine(name)),
    button: admin.acts.remove,
    hidden: { do: 'remove', group: name },
    entries: [{ id: 'again', label: admin.again }],
  }
}
