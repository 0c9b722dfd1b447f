#include "tests/unit/resolver_dns/sample_responses.h"

#include <fmt/format.h>

namespace dauth::testing {
namespace {

using dns::RrType;

constexpr std::uint16_t kFormErr = 1;
constexpr std::uint16_t kServFail = 2;
constexpr std::uint16_t kNotImp = 4;
constexpr std::uint16_t kRefused = 5;
constexpr std::uint16_t kAuthoritative = kQr | kRd | kAa;  // RA clear
constexpr std::uint16_t kNoRecursion = kQr | kRd;

Record soa_of(const std::string& zone) {
  return {.owner = zone, .type = RrType::kSoa, .rdata = soa("ns." + zone, "root." + zone)};
}
Record ns_of(const std::string& zone) {
  return {.owner = zone, .type = RrType::kNs, .rdata = target("ns." + zone)};
}
Record cname(const std::string& owner, std::string_view alias) {
  return {.owner = owner, .type = RrType::kCname, .rdata = target(alias)};
}
Record dname(const std::string& owner, std::string_view alias) {
  return {.owner = owner, .type = RrType::kDname, .rdata = target(alias)};
}
Record text(const std::string& owner, std::string_view data) {
  return {.owner = owner, .rdata = txt({data})};
}

// example.jp CNAME n1.jp, n1.jp CNAME n2.jp, ... up to `length` RRs.
std::vector<Record> chain_of(unsigned length) {
  std::vector<Record> records;
  std::string owner = "example.jp";
  for (unsigned i = 1; i <= length; ++i) {
    const std::string next = fmt::format("n{}.jp", i);
    records.push_back(cname(owner, next));
    owner = next;
  }
  return records;
}

std::string shown_chain_of(unsigned length) {
  std::string shown;
  std::string owner = "example.jp";
  for (unsigned i = 1; i <= length; ++i) {
    const std::string next = fmt::format("n{}.jp", i);
    shown += fmt::format("{}{} CNAME {}", i == 1 ? "" : "; ", owner, next);
    owner = next;
  }
  return shown;
}

std::vector<Record> with(std::vector<Record> records, const Record& last) {
  records.push_back(last);
  return records;
}

using Samples = std::vector<SampleResponse>;

void add_answers(Samples& samples) {
  samples.push_back({"AnswerOneTxt",
                     {.answer = {text("example.jp", "v=spf1 -all")}},
                     "Answer: example.jp TXT \"v=spf1 -all\""});
  samples.push_back(
      {"AnswerSeveralTxt",
       {.answer = {text("example.jp", "v=spf1 -all"), {.owner = "example.jp", .rdata = txt({"v=", "", "x"})}},
        .additional = {opt()}},
       "Answer: example.jp TXT \"v=spf1 -all\"; example.jp TXT \"v=\" \"\" \"x\""});
  samples.push_back({"AnswerAuthoritativeWithNs",
                     {.flags = kAuthoritative,
                      .answer = {text("example.jp", "x")},
                      .authority = {ns_of("example.jp")},
                      .additional = {{"ns.example.jp", RrType::kA, raw("\1\2\3\4")}, opt()}},
                     "Answer: example.jp TXT \"x\""});
  // Without AA and with NS: what an answer says counts before what the authority section says.
  samples.push_back({"AnswerNotAuthoritativeWithNs",
                     {.answer = {text("example.jp", "x")}, .authority = {ns_of("example.jp")}},
                     "Answer: example.jp TXT \"x\""});
  samples.push_back(
      {"AnswerOwnerInAnotherCase", {.answer = {text("EXAMPLE.jp", "x")}}, "Answer: EXAMPLE.jp TXT \"x\""});
  samples.push_back({"AnswerMx",
                     {.qtype = RrType::kMx,
                      .answer = {{"example.jp", RrType::kMx, mx(10, "mail.example.jp")},
                                 {"example.jp", RrType::kMx, mx(20, "mail2.example.jp")},
                                 {"example.jp", RrType::kMx, mx(65535, "mx.example.com")}}},
                     "Answer: example.jp MX 10 mail.example.jp; example.jp MX 20 mail2.example.jp; "
                     "example.jp MX 65535 mx.example.com"});
  samples.push_back({"AnswerNullMx",
                     {.qtype = RrType::kMx, .answer = {{"example.jp", RrType::kMx, mx(0, ".")}}},
                     "Answer: example.jp MX 0 ."});
  samples.push_back(
      {"AnswerSoa",
       {.qname = "_domainkey.example.jp", .qtype = RrType::kSoa, .answer = {soa_of("_domainkey.example.jp")}},
       "Answer: _domainkey.example.jp SOA ns._domainkey.example.jp root._domainkey.example.jp "
       "0000000100000002000000030000000400000005"});
  samples.push_back({"AnswerSpf",
                     {.qtype = RrType::kSpf, .answer = {{"example.jp", RrType::kSpf, txt({"v=spf1", " a"})}}},
                     "Answer: example.jp SPF \"v=spf1\" \" a\""});
  samples.push_back({"AnswerA",
                     {.qtype = RrType::kA, .answer = {{"example.jp", RrType::kA, {Octets{192, 0, 2, 1}}}}},
                     "Answer: example.jp A c0000201"});
  samples.push_back({"AnswerOfAnUnknownType",
                     {.qtype = RrType{65280}, .answer = {{"example.jp", RrType{65280}, raw("\300\14xyz")}}},
                     "Answer: example.jp TYPE65280 c00c78797a"});
  samples.push_back({"AnswerAtTheRoot",
                     {.qname = ".", .qtype = RrType::kNs, .answer = {{".", RrType::kNs, target("a.root")}}},
                     "Answer: . NS a.root"});
  samples.push_back({"AnswerEmptyStrings",
                     {.answer = {{.owner = "example.jp", .rdata = txt({"", ""})}}},
                     "Answer: example.jp TXT \"\" \"\""});
  samples.push_back({"AnswerRepeatedRrOnce",
                     {.answer = {text("example.jp", "x"), text("Example.jp", "x"), text("example.jp", "X"),
                                 text("example.jp", "x")}},
                     "Answer: example.jp TXT \"x\"; example.jp TXT \"X\""});
  samples.push_back(
      {"AnswerRepeatedWithAnotherTtlOnce",
       {.answer = {text("example.jp", "x"), {.owner = "example.jp", .rdata = txt({"x"}), .ttl = 1}}},
       "Answer: example.jp TXT \"x\""});
  samples.push_back({"AnswerStringsSplitElsewhereAreOtherRrs",
                     {.answer = {{.owner = "example.jp", .rdata = txt({"xy"})},
                                 {.owner = "example.jp", .rdata = txt({"x", "y"})}}},
                     "Answer: example.jp TXT \"xy\"; example.jp TXT \"x\" \"y\""});
}

void add_foreign(Samples& samples) {
  samples.push_back({"ForeignOwnersAreIgnored",
                     {.answer = {text("www.example.jp", "a"), text("example.jp", "x"), text("jp", "b"),
                                 text("xexample.jp", "c"), text("example.com", "d")}},
                     "Answer: example.jp TXT \"x\""});
  samples.push_back({"OnlyForeignOwnersIsNoData", {.answer = {text("example.com", "x")}}, "NoData"});
  samples.push_back({"OtherTypesAreNoData",
                     {.answer = {{"example.jp", RrType::kMx, mx(1, "a.jp")},
                                 {"example.jp", RrType::kSpf, txt({"v=spf1"})}}},
                     "NoData"});
  samples.push_back(
      {"ForeignChainIsIgnored", {.answer = {cname("www.example.jp", "b.jp"), text("b.jp", "x")}}, "NoData"});
  samples.push_back({"ForeignOwnersAndNxDomain",
                     {.rcode = kNxDomain, .answer = {text("example.com", "x")}, .authority = {soa_of("jp")}},
                     "NxDomain"});
  samples.push_back({"ForeignChainAndNxDomain",
                     {.rcode = kNxDomain, .answer = {cname("www.example.jp", "b.jp")}},
                     "NxDomain"});
  samples.push_back({"ForeignOwnersInAReferral",
                     {.answer = {text("example.com", "x")}, .authority = {ns_of("jp")}},
                     "Failure (referral)"});
  samples.push_back({"ClassChIsIgnored",
                     {.answer = {{.owner = "example.jp", .rdata = txt({"ch"}), .rr_class = 3}}},
                     "NoData"});
  samples.push_back({"ClassChBesideIn",
                     {.answer = {{.owner = "example.jp", .rdata = txt({"ch"}), .rr_class = 3},
                                 text("example.jp", "in"),
                                 {"example.jp", RrType::kCname, target("b.jp"), 3}}},
                     "Answer: example.jp TXT \"in\""});
  samples.push_back({"ClassChSoaSaysNothing",
                     {.authority = {ns_of("jp"), {"jp", RrType::kSoa, soa("a.jp", "b.jp"), 3}}},
                     "Failure (referral)"});
  samples.push_back(
      {"ClassChNsSaysNothing", {.authority = {{"jp", RrType::kNs, target("a.jp"), 3}}}, "NoData"});
  samples.push_back({"ClassChSoaEndsNoChain",
                     {.flags = kNoRecursion,
                      .answer = {cname("example.jp", "b.com")},
                      .authority = {{"com", RrType::kSoa, soa("a.com", "b.com"), 3}}},
                     "Failure (unfinished_chain)"});
}

void add_chains(Samples& samples) {
  samples.push_back({"ChainOfOne",
                     {.answer = {cname("example.jp", "b.jp"), text("b.jp", "x")}},
                     "Answer: example.jp CNAME b.jp; b.jp TXT \"x\""});
  samples.push_back({"ChainOfThreeBackwards",
                     {.answer = {text("d.jp", "x"), cname("c.jp", "d.jp"), cname("b.jp", "c.jp"),
                                 cname("example.jp", "b.jp")}},
                     "Answer: example.jp CNAME b.jp; b.jp CNAME c.jp; c.jp CNAME d.jp; d.jp TXT \"x\""});
  samples.push_back({"ChainInOtherLetterCase",
                     {.answer = {cname("EXAMPLE.JP", "B.jp"), cname("b.JP", "C.jp"), text("c.jp", "x")}},
                     "Answer: EXAMPLE.JP CNAME B.jp; b.JP CNAME C.jp; c.jp TXT \"x\""});
  samples.push_back(
      {"ChainIgnoresTheTypeOnItsWay",
       {.answer = {cname("example.jp", "b.jp"), cname("b.jp", "c.jp"), text("d.jp", "y"), text("c.jp", "x")}},
       "Answer: example.jp CNAME b.jp; b.jp CNAME c.jp; c.jp TXT \"x\""});
  // What stands at the qname itself is asked first; a CNAME beside it (against RFC 2181) changes nothing.
  samples.push_back({"RrsetBesideACname",
                     {.answer = {cname("example.jp", "b.jp"), text("example.jp", "own"), text("b.jp", "x")}},
                     "Answer: example.jp TXT \"own\""});
  samples.push_back(
      {"RepeatedCname",
       {.answer = {cname("example.jp", "b.jp"), cname("example.jp", "b.jp"), text("b.jp", "x")}},
       "Answer: example.jp CNAME b.jp; b.jp TXT \"x\""});
  samples.push_back({"RepeatedCnameInAnotherLetterCase",
                     {.answer = {cname("example.jp", "b.jp"), cname("example.jp", "B.JP"), text("b.jp", "x")},
                      .compression = Compression::kNone},
                     "Answer: example.jp CNAME b.jp; b.jp TXT \"x\""});
  samples.push_back(
      {"TwoCnames",
       {.answer = {cname("example.jp", "b.jp"), cname("example.jp", "c.jp"), text("b.jp", "x")}},
       "Failure (malformed)"});
  samples.push_back({"TwoCnamesOnTheWay",
                     {.answer = {cname("example.jp", "b.jp"), cname("b.jp", "c.jp"), cname("b.jp", "d.jp"),
                                 text("c.jp", "x"), text("d.jp", "x")}},
                     "Failure (malformed)"});
  samples.push_back({"DnameAlone",
                     {.answer = {dname("jp", "net"), text("example.net", "x")}},
                     "Answer: jp DNAME net; example.net TXT \"x\""});
  samples.push_back(
      {"DnameWithItsCname",
       {.answer = {dname("jp", "net"), cname("example.jp", "example.net"), text("example.net", "x")}},
       "Answer: jp DNAME net; example.jp CNAME example.net; example.net TXT \"x\""});
  samples.push_back(
      {"DnameWithItsCnameBackwardsInAnotherCase",
       {.answer = {text("example.net", "x"), cname("example.jp", "EXAMPLE.Net"), dname("JP", "net")},
        .compression = Compression::kNone},
       "Answer: JP DNAME net; example.jp CNAME EXAMPLE.Net; example.net TXT \"x\""});
  samples.push_back({"SeveralDnames",
                     {.qname = "_domainkey.a.example.jp",
                      .answer = {dname("example.jp", "b.net"), dname("a.b.net", "c.org"),
                                 cname("_domainkey.c.org", "key.org"), text("key.org", "o=-")}},
                     "Answer: example.jp DNAME b.net; a.b.net DNAME c.org; _domainkey.c.org CNAME key.org; "
                     "key.org TXT \"o=-\""});
  samples.push_back({"DnameToTheRoot",
                     {.answer = {dname("jp", "."), text("example", "x")}},
                     "Answer: jp DNAME .; example TXT \"x\""});
  samples.push_back({"DnameOfTheRoot",
                     {.answer = {dname(".", "a.net"), text("example.jp.a.net", "x")}},
                     "Answer: . DNAME a.net; example.jp.a.net TXT \"x\""});
  samples.push_back({"RepeatedDname",
                     {.answer = {dname("jp", "net"), dname("JP", "NET"), text("example.net", "x")},
                      .compression = Compression::kNone},
                     "Answer: jp DNAME net; example.net TXT \"x\""});
  samples.push_back({"TwoDnames",
                     {.answer = {dname("jp", "net"), dname("jp", "org"), text("example.net", "x")}},
                     "Failure (malformed)"});
  // Against RFC 6672 section 2.4; the closest one decides, whatever the farther ones say.
  samples.push_back(
      {"DnamesAtSeveralHeights",
       {.qname = "a.example.jp",
        .answer = {dname("jp", "net"), dname("jp", "org"), dname("example.jp", "com"), text("a.com", "x")}},
       "Answer: example.jp DNAME com; a.com TXT \"x\""});
  // RFC 6672 section 2.2: 255 octets are a name, 256 are none.
  const std::string longest = fmt::format("{0}.{0}.{0}.{1}", std::string(63, 'a'), std::string(53, 'b'));
  samples.push_back({"DnameToALongestName",
                     {.answer = {dname("jp", longest), text("example." + longest, "x")}},
                     fmt::format("Answer: jp DNAME {0}; example.{0} TXT \"x\"", longest)});
  samples.push_back({"DnameToATooLongName", {.answer = {dname("jp", longest + "b")}}, "Failure (malformed)"});
  samples.push_back(
      {"DnameAgainstItsCname",
       {.answer = {dname("jp", "net"), cname("example.jp", "example.org"), text("example.org", "x")}},
       "Failure (malformed)"});
  // RFC 6672 section 2.3: a DNAME says nothing about its own owner.
  samples.push_back(
      {"DnameAtTheQnameItself", {.answer = {dname("example.jp", "b.jp"), text("b.jp", "x")}}, "NoData"});
  samples.push_back({"DnameOfAnotherBranch",
                     {.answer = {dname("xample.jp", "b.jp"), dname("ple.jp", "c.jp"), text("b.jp", "x")}},
                     "NoData"});
  samples.push_back({"ChainOf16",
                     {.answer = with(chain_of(16), text("n16.jp", "x"))},
                     "Answer: " + shown_chain_of(16) + "; n16.jp TXT \"x\""});
  samples.push_back(
      {"ChainOf17", {.answer = with(chain_of(17), text("n17.jp", "x"))}, "Failure (cname_loop)"});
}

void add_no_data(Samples& samples) {
  samples.push_back(
      {"NoDataWithSoa", {.authority = {soa_of("example.jp")}, .additional = {opt()}}, "NoData"});
  samples.push_back({"NoDataWithNothing", {}, "NoData"});
  samples.push_back(
      {"NoDataFromAnAuthority", {.flags = kAuthoritative, .authority = {soa_of("jp")}}, "NoData"});
  samples.push_back({"NoDataWithoutRecursionOrSoa", {.flags = kNoRecursion}, "NoData"});
  samples.push_back({"NoDataWithAnotherTypeInAuthority",
                     {.authority = {{"jp", RrType{47}, raw("nsec")}}, .additional = {opt()}},
                     "NoData"});
  samples.push_back({"NoDataAtTheEndOfAChain",
                     {.answer = {cname("example.jp", "b.jp"), {"b.jp", RrType::kMx, mx(1, "a.jp")}},
                      .authority = {soa_of("b.jp")}},
                     "NoData: example.jp CNAME b.jp"});
  samples.push_back(
      {"NoDataBehindADname",
       {.answer = {dname("jp", "net"), cname("example.jp", "example.net")}, .authority = {soa_of("net")}},
       "NoData: jp DNAME net; example.jp CNAME example.net"});
  samples.push_back({"OpenChainFromARecursiveServer",
                     {.answer = {cname("example.jp", "b.jp")}},
                     "NoData: example.jp CNAME b.jp"});
  samples.push_back({"OpenChainWithoutRecursion",
                     {.flags = kNoRecursion, .answer = {cname("example.jp", "b.com")}},
                     "Failure (unfinished_chain)"});
  samples.push_back({"OpenChainFromAnAuthority",
                     {.flags = kAuthoritative, .answer = {cname("example.jp", "b.com")}},
                     "Failure (unfinished_chain)"});
  samples.push_back(
      {"OpenChainWithNsWithoutRecursion",
       {.flags = kNoRecursion, .answer = {cname("example.jp", "b.com")}, .authority = {ns_of("com")}},
       "Failure (unfinished_chain)"});
  samples.push_back({"OpenDnameWithoutRecursion",
                     {.flags = kNoRecursion, .answer = {dname("jp", "com")}},
                     "Failure (unfinished_chain)"});
  samples.push_back(
      {"ChainEndedBySoaWithoutRecursion",
       {.flags = kAuthoritative, .answer = {cname("example.jp", "b.jp")}, .authority = {soa_of("jp")}},
       "NoData: example.jp CNAME b.jp"});
}

void add_name_errors(Samples& samples) {
  samples.push_back(
      {"NameError", {.rcode = kNxDomain, .authority = {soa_of("jp")}, .additional = {opt()}}, "NxDomain"});
  samples.push_back({"NameErrorWithNothing", {.rcode = kNxDomain}, "NxDomain"});
  samples.push_back({"NameErrorWithNs", {.rcode = kNxDomain, .authority = {ns_of("jp")}}, "NxDomain"});
  samples.push_back({"NameErrorAtTheEndOfAChain",
                     {.rcode = kNxDomain,
                      .answer = {cname("example.jp", "b.jp"), cname("b.jp", "c.jp")},
                      .authority = {soa_of("jp")}},
                     "NoData: example.jp CNAME b.jp; b.jp CNAME c.jp"});
  samples.push_back({"NameErrorBehindADname",
                     {.rcode = kNxDomain, .answer = {dname("jp", "net")}, .authority = {soa_of("net")}},
                     "NoData: jp DNAME net"});
  samples.push_back({"NameErrorAfterAChainWithoutRecursion",
                     {.flags = kAuthoritative, .rcode = kNxDomain, .answer = {cname("example.jp", "b.jp")}},
                     "NoData: example.jp CNAME b.jp"});
}

void add_referrals(Samples& samples) {
  samples.push_back({"Referral",
                     {.flags = kNoRecursion,
                      .authority = {ns_of("example.jp"), ns_of("example.jp")},
                      .additional = {{"ns.example.jp", RrType::kA, raw("\1\2\3\4")}, opt()}},
                     "Failure (referral)"});
  samples.push_back({"ReferralFromARecursiveServer", {.authority = {ns_of("jp")}}, "Failure (referral)"});
  samples.push_back({"NoReferralWithAa", {.flags = kAuthoritative, .authority = {ns_of("jp")}}, "NoData"});
  samples.push_back(
      {"NoReferralWithSoa", {.flags = kNoRecursion, .authority = {ns_of("jp"), soa_of("jp")}}, "NoData"});
  samples.push_back(
      {"NoReferralForNsAmongTheAdditional", {.flags = kNoRecursion, .additional = {ns_of("jp")}}, "NoData"});
}

void add_loops(Samples& samples) {
  samples.push_back({"LoopOfOne", {.answer = {cname("example.jp", "EXAMPLE.jp")}}, "Failure (cname_loop)"});
  samples.push_back({"LoopOfTwo",
                     {.answer = {cname("example.jp", "b.jp"), cname("b.jp", "example.jp")}},
                     "Failure (cname_loop)"});
  samples.push_back({"LoopNotThroughTheQname",
                     {.answer = {cname("example.jp", "b.jp"), cname("b.jp", "c.jp"), cname("c.jp", "b.jp")}},
                     "Failure (cname_loop)"});
  samples.push_back(
      {"LoopAndNameError",
       {.rcode = kNxDomain, .answer = {cname("example.jp", "b.jp"), cname("b.jp", "example.jp")}},
       "Failure (cname_loop)"});
  samples.push_back(
      {"LoopOfDnames", {.answer = {dname("jp", "net"), dname("net", "jp")}}, "Failure (cname_loop)"});
  samples.push_back({"DnameThatGrowsTheName", {.answer = {dname("jp", "x.jp")}}, "Failure (cname_loop)"});
}

void add_rcodes(Samples& samples) {
  const struct {
    std::uint16_t rcode;
    const char* outcome;
  } cases[] = {{kFormErr, "Failure (formerr)"}, {kServFail, "Failure (servfail)"},
               {kNotImp, "Failure (notimp)"},   {kRefused, "Failure (refused)"},
               {6, "Failure (rcode 6)"},        {9, "Failure (rcode 9)"},
               {15, "Failure (rcode 15)"}};
  for (const auto& row : cases) {
    samples.push_back({fmt::format("Rcode{}", row.rcode), {.rcode = row.rcode}, row.outcome});
    samples.push_back({fmt::format("Rcode{}WithoutAQuestion", row.rcode),
                       {.rcode = row.rcode, .questions = 0, .additional = {opt()}},
                       row.outcome});
    samples.push_back({fmt::format("Rcode{}WithAnAnswer", row.rcode),
                       {.rcode = row.rcode, .answer = {text("example.jp", "x")}, .additional = {opt()}},
                       row.outcome});
    samples.push_back({fmt::format("Rcode{}WithAuthority", row.rcode),
                       {.rcode = row.rcode, .authority = {soa_of("jp")}},
                       row.outcome});
  }
  samples.push_back({"BadVers", {.additional = {opt(1)}}, "Failure (rcode 16)"});
  samples.push_back({"BadVersWithAnAnswer",
                     {.answer = {text("example.jp", "x")}, .additional = {opt(1)}},
                     "Failure (rcode 16)"});
  samples.push_back(
      {"BadVersBehindAuthority",
       {.authority = {soa_of("jp")}, .additional = {{"ns.jp", RrType::kA, raw("\1\2\3\4")}, opt(1)}},
       "Failure (rcode 16)"});
  samples.push_back(
      {"ExtendedOverNameError", {.rcode = kNxDomain, .additional = {opt(1)}}, "Failure (rcode 19)"});
  samples.push_back({"ExtendedOverServFail",
                     {.rcode = kServFail, .answer = {text("example.jp", "x")}, .additional = {opt(255)}},
                     "Failure (rcode 4082)"});
  // RFC 6891 section 6.1.1: OPT stands in the additional section; elsewhere it has no say.
  samples.push_back(
      {"OptInTheAnswer", {.answer = {opt(1), text("example.jp", "x")}}, "Answer: example.jp TXT \"x\""});
  samples.push_back({"OptInTheAuthority", {.authority = {opt(1), soa_of("jp")}}, "NoData"});
  samples.push_back({"Truncated", {.flags = kQr | kRd | kRa | kTc}, "Failure (truncated)"});
  samples.push_back({"TruncatedWithAnAnswer",
                     {.flags = kQr | kRd | kRa | kTc, .answer = {text("example.jp", "x")}},
                     "Failure (truncated)"});
  samples.push_back({"TruncatedNameError",
                     {.flags = kQr | kRd | kRa | kTc, .rcode = kNxDomain, .authority = {soa_of("jp")}},
                     "Failure (truncated)"});
}

}  // namespace

std::vector<SampleResponse> sample_responses() {
  Samples samples;
  add_answers(samples);
  add_foreign(samples);
  add_chains(samples);
  add_no_data(samples);
  add_name_errors(samples);
  add_referrals(samples);
  add_loops(samples);
  add_rcodes(samples);
  return samples;
}

}  // namespace dauth::testing
