import { expect } from 'chai'
import { createMetrics } from '../src/metrics.ts'

describe('metrics', () => {
  it('count what happens', async () => {
    const metrics = createMetrics()
    metrics.connection('nntp', true)
    metrics.connection('nntp', false)
    metrics.command('GROUP', 211)
    metrics.command('GROUP', 211)
    metrics.article('rejected', 'duplicate')
    metrics.sent('news.b.example', 'accepted')
    metrics.commit(12, 0.002)
    const lines = (await metrics.text()).split('\n')
    expect(lines).to.include.members([
      'tidings_connections_total{kind="nntp",outcome="taken"} 1',
      'tidings_connections_total{kind="nntp",outcome="refused"} 1',
      'tidings_commands_total{name="GROUP",code="211"} 2',
      'tidings_articles_total{verdict="rejected",reason="duplicate"} 1',
      'tidings_articles_sent_total{peer="news.b.example",outcome="accepted"} 1',
      'tidings_articles_committed_total 12',
      'tidings_commit_seconds_count 1',
      'tidings_commit_seconds_bucket{le="0.003"} 1',
      'tidings_commit_seconds_bucket{le="0.001"} 0',
    ])
  })

  it('read gauges when asked, and forget peers that are gone', async () => {
    const metrics = createMetrics()
    const gauges = { groups: 3, articles: 7, connections: 1, journalBytes: 99 }
    metrics.observe(() => ({ ...gauges, peers: [{ name: 'a', lag: 5, up: true }] }))
    expect(await metrics.text())
      .to.contain('tidings_peer_lag_arrivals{peer="a"} 5')
      .and.contain('tidings_groups 3')
    metrics.observe(async () => ({ ...gauges, peers: [] }))
    expect(await metrics.text()).to.not.contain('peer="a"')
  })

  it('are apart for each node, and of the process only where wanted', async () => {
    const one = createMetrics()
    createMetrics().command('HELP', 100)
    expect(await one.text())
      .to.not.contain('name="HELP"')
      .and.not.contain('process_cpu')
    expect(await createMetrics({ runtime: true }).text()).to.contain('process_cpu')
  })
})
