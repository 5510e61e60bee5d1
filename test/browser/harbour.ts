/** The conversation that the picture in the README shows. */

interface Told {
  readonly id: string
  /** Oldest first. */
  readonly answers: readonly string[]
  readonly from: string
  /** November 2026. */
  readonly date: string
  readonly subject?: string
  readonly body: string
}

const told: readonly Told[] = [
  {
    id: 'winter',
    answers: [],
    from: 'Ann Archer <ann@harbour.example>',
    date: '17 Nov 2026 08:12',
    subject: 'Winter timetable of the island ferry',
    body: 'The winter timetable hangs at the quay. The last boat leaves at 17:40 now.\n',
  },
  {
    id: 'bo',
    answers: ['winter'],
    from: 'Bo Berg <bo@harbour.example>',
    date: '17 Nov 2026 08:40',
    body: '> The last boat leaves at 17:40 now.\n\nOn Sundays too?\n',
  },
  {
    id: 'celik',
    answers: ['winter', 'bo'],
    from: 'Çelik Demir <celik@harbour.example>',
    date: '17 Nov 2026 09:05',
    body: `On Tue, 17 Nov 2026 08:40, Bo Berg wrote:
> > The last boat leaves at 17:40 now.
>
> On Sundays too?

*No.* On Sundays it is 16:10, and _none_ goes in a storm. I have copied the
board as far as I could read it:

            Mon-Fri   Sat     Sun
    first   06:20     07:30   09:00
    last    17:40     17:40   16:10

The whole of it is at https://ferry.harbour.example/winter

--${' '}
Çelik Demir, third house behind the lighthouse
`,
  },
  {
    id: 'dora',
    answers: ['winter', 'bo', 'celik'],
    from: 'Dora van der Meer <dora@harbour.example>',
    date: '17 Nov 2026 11:31',
    body: '> none goes in a storm\n\nWho decides what a storm is?\n',
  },
  {
    id: 'captain',
    answers: ['winter', 'bo', 'celik', 'dora'],
    from: 'The captain <captain@harbour.example>',
    date: '17 Nov 2026 18:02',
    body: 'I do.\n',
  },
  {
    id: 'bo2',
    answers: ['winter', 'bo', 'celik', 'dora', 'captain'],
    from: 'Bo Berg <bo@harbour.example>',
    date: '17 Nov 2026 18:20',
    body: 'That settles it.\n',
  },
  {
    id: 'taro',
    answers: ['winter', 'bo', 'celik'],
    from: '山田太郎 <taro@harbour.example>',
    date: '18 Nov 2026 06:15',
    body: 'ありがとう！日曜日の時刻を待っていました。\n',
  },
  {
    id: 'layla',
    answers: ['winter'],
    from: 'ليلى حسن <layla@harbour.example>',
    date: '18 Nov 2026 07:50',
    body: 'شكرًا! هل تُباع التذاكر على متن القارب؟\n',
  },
  {
    id: 'ann2',
    answers: ['winter', 'layla'],
    from: 'Ann Archer <ann@harbour.example>',
    date: '18 Nov 2026 08:03',
    body: 'Yes, for coins. The machine at the quay takes cards.\n',
  },
  {
    id: 'dogs',
    answers: ['winter'],
    from: 'Emil Eriksen <emil@harbour.example>',
    date: '18 Nov 2026 19:27',
    subject: 'Dogs on board (was: Winter timetable of the island ferry)',
    body: 'Do dogs pay?\n',
  },
  {
    id: 'dogs2',
    answers: ['winter', 'dogs'],
    from: 'The captain <captain@harbour.example>',
    date: '18 Nov 2026 20:11',
    subject: 'Re: Dogs on board (was: Winter timetable of the island ferry)',
    body: 'Only large ones.\n',
  },
]

const id = (name: string): string => `<${name}@harbour.example>`

/** Octets of the files to import, one an article. */
export const harbourArticles: readonly Buffer[] = told.map(each =>
  Buffer.from(
    [
      'Path: harbour.example!not-for-mail',
      `From: ${each.from}`,
      'Newsgroups: local.harbour',
      `Subject: ${each.subject ?? 'Re: Winter timetable of the island ferry'}`,
      `Date: ${each.date}:00 +0000`,
      `Message-ID: ${id(each.id)}`,
      ...(each.answers.length === 0 ? [] : [`References: ${each.answers.map(id).join(' ')}`]),
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=UTF-8',
      '',
      each.body,
    ].join('\n'),
  ),
)
