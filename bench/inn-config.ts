/** The files a private INN needs, as pairs of a name and a text. Everything not named here is INN's default. */

export interface InnPlace {
  readonly directory: string
  readonly port: number
  readonly user: string
  readonly storage: 'tradspool' | 'cnfs'
  readonly overview: 'tradindexed' | 'buffindexed'
  readonly groups: readonly string[]
}

export const cnfsOctets = 4_096_000_000
export const overviewOctets = 1_572_864_000

export const spoolFolders: readonly string[] = [
  'etc',
  'db',
  'run',
  'log',
  'http',
  'filter',
  ...['articles', 'overview', 'incoming', 'incoming/bad', 'incoming/tmp', 'outgoing', 'archive'].map(
    name => `spool/${name}`,
  ),
]

export function innFiles(place: InnPlace): [string, string][] {
  const { directory, storage, overview } = place
  const active = ['control', 'control.cancel', 'junk', ...place.groups]
  return [
    ['etc/inn.conf', settings(place)],
    ['etc/storage.conf', storageClasses(storage)],
    ['etc/cycbuff.conf', storage === 'cnfs' ? buffers(directory) : ''],
    [
      'etc/buffindexed.conf',
      overview === 'buffindexed' ? `0:${directory}/spool/overview/one:${overviewOctets / 1024}\n` : '',
    ],
    [
      'etc/incoming.conf',
      'streaming: true\nmax-connections: 0\npeer feeder {\n  hostname: "127.0.0.1"\n  patterns: "*"\n}\n',
    ],
    ['etc/newsfeeds', 'ME:*::\n'],
    [
      'etc/readers.conf',
      'auth all {\n  hosts: "*"\n  default: "<reader>"\n}\naccess all {\n  users: "<reader>"\n  newsgroups: "*"\n  access: RPA\n}\n',
    ],
    ['etc/expire.ctl', '/remember/:11\n*:A:never:never:never\n'],
    ['etc/moderators', ''],
    ['db/active', active.map(name => `${name} 0000000000 0000000001 y\n`).join('')],
    ['db/active.times', active.map(name => `${name} 1000000000 bench\n`).join('')],
    ['db/newsgroups', active.map(name => `${name}\tA group of the bench\n`).join('')],
    ['db/history', ''],
  ]
}

function settings({ directory, port, user, overview }: InnPlace): string {
  const values: Record<string, string> = {
    mta: '"/bin/true %s"',
    mailcmd: '/bin/true',
    domain: 'bench',
    pathhost: 'inn.bench',
    runasuser: user,
    runasgroup: user,
    port: String(port),
    nnrpdpostport: String(port),
    ovmethod: overview,
    hismethod: 'hisv6',
    enableoverview: 'true',
    groupbaseexpiry: 'true',
    wireformat: 'true',
    artcutoff: '0',
    maxartsize: '0',
    maxconnections: '1000',
    nnrpdloadlimit: '0',
    pgpverify: 'false',
    doinnwatch: 'false',
    pathnews: '/usr/lib/news',
    pathbin: '/usr/lib/news/bin',
    pathetc: `${directory}/etc`,
    pathdb: `${directory}/db`,
    pathrun: `${directory}/run`,
    pathlog: `${directory}/log`,
    pathhttp: `${directory}/http`,
    pathfilter: `${directory}/filter`,
    pathspool: `${directory}/spool`,
    patharticles: `${directory}/spool/articles`,
    pathoverview: `${directory}/spool/overview`,
    pathoutgoing: `${directory}/spool/outgoing`,
    pathincoming: `${directory}/spool/incoming`,
    patharchive: `${directory}/spool/archive`,
    pathtmp: `${directory}/spool/incoming/tmp`,
  }
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
}

function storageClasses(storage: InnPlace['storage']): string {
  const options = storage === 'cnfs' ? '  options: "all"\n' : ''
  return `method ${storage} {\n  newsgroups: *\n  class: 0\n${options}}\n`
}

function buffers(directory: string): string {
  return `cycbuff:one:${directory}/spool/cnfs:${cnfsOctets / 1024}\nmetacycbuff:all:one\n`
}
