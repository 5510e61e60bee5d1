# Reads and posts with Net::NNTP, and prints what it saw as JSON. Arguments: port.
use strict;
use warnings;
use JSON::PP;
use Net::NNTP;

my %seen;
my $server = Net::NNTP->new(Host => '127.0.0.1', Port => $ARGV[0], Timeout => 20) or die "no connection: $@";
my $say = sub { $server->code . ' ' . $server->message };
$seen{reader} = $server->reader ? 1 : 0;
$seen{postok} = $server->postok ? 1 : 0;
$seen{date} = $server->date > 978307200 ? 1 : 0;
$seen{active} = $server->list;
$seen{newsgroups} = $server->newsgroups('local.test');
$seen{format} = $server->overview_fmt;
$seen{'new groups'} = [sort keys %{ $server->newgroups(978307200) }];
$seen{group} = [$server->group('local.test')];
$seen{numbers} = $server->listgroup('local.test');
$seen{over} = $server->xover([1, 2]);
$seen{subjects} = $server->xhdr('Subject', [1, 2]);
$seen{pattern} = $server->xpat('Subject', 'Re:*', [1, 2]);
$seen{stat} = $server->nntpstat(1);
$seen{next} = $server->next;
$seen{last} = $server->last;
$seen{body} = $server->body('<first@interop.example>');
$seen{head} = $server->head(2);
$seen{lines} = scalar @{ $server->article(1) };

my @article = (
    "From: Perl <perl\@example.org>\n", "Newsgroups: local.test\n", "Subject: From Net::NNTP\n",
    "Message-ID: <perl\@interop.example>\n", "\n", ".begins with a dot\n", ".\n", "It is the end.\n",
);
$seen{posted} = $server->post(@article) ? 1 : 0;
$seen{answer} = $say->();
$server->post(@article);
$seen{again} = $say->();
$server->group('no.such.group');
$seen{absent} = $say->();
$seen{new} = $server->newnews(978307200, 'local.test');
$server->quit;
print JSON::PP->new->latin1->encode(\%seen);
