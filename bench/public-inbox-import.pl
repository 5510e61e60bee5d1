# Reads an rnews batch from standard input into public-inbox: one GROUP=FOLDER for each newsgroup. For `npm run bench`.
use strict;
use warnings;
use PublicInbox::Eml;
use PublicInbox::Inbox;
use PublicInbox::InboxWritable;
use PublicInbox::V2Writable;

my %inbox;
for (@ARGV) {
    my ($group, $folder) = split /=/, $_, 2;
    my $address = "$group\@bench.example";
    my $known = PublicInbox::Inbox->new({
        inboxdir => $folder, name => $group, newsgroup => $group, version => 2,
        address => [$address], -primary_address => $address,
    });
    $inbox{$group} = PublicInbox::V2Writable->new(PublicInbox::InboxWritable->new($known), { nproc => 0 });
    $inbox{$group}->init_inbox(0);
}
while (defined(my $line = <STDIN>)) {
    my ($octets) = $line =~ /^#! rnews (\d+)$/ or die "not an rnews batch: $line";
    read(STDIN, my $article, $octets) == $octets or die "the batch is cut off\n";
    my ($group) = $article =~ /^Newsgroups: (\S+)$/m or die "no Newsgroups\n";
    $inbox{$group}->add(PublicInbox::Eml->new(\$article)) or die "not taken\n";
}
$_->done for values %inbox;
