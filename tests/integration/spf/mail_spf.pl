#!/usr/bin/perl
# What Mail::SPF makes of pairs on standard input: mail_spf.pl PORT; "result <TAB> why" for each.
use strict;
use warnings;
use Mail::SPF;
use Net::DNS;

$| = 1;
my $resolver = Net::DNS::Resolver->new(
    nameservers => ['127.0.0.1'], port => $ARGV[0], recurse => 0, retry => 3, retrans => 1, udppacketsize => 1232,
    searchlist => [], dnsrch => 0, defnames => 0);
my $server = Mail::SPF::Server->new(
    dns_resolver => $resolver, query_rr_types => Mail::SPF::Server->query_rr_type_txt);
while (my $line = <STDIN>) {
    chomp $line;
    my ($domain, $address) = split /\t/, $line;
    my $request = Mail::SPF::Request->new(
        versions => [1], scope => 'mfrom', identity => "postmaster\@$domain", ip_address => $address,
        helo_identity => $domain);
    my $result = $server->process($request);
    my $why = $result->text;
    $why =~ s/\s+/ /g;
    print $result->code, "\t", $why, "\n";
}
