// Aliases, referrals and RRs that belong to nobody.
#include <gtest/gtest.h>

#include "tests/integration/odd_servers/odd_servers.h"

namespace dauth::testing {
namespace {

using dns::RrType;

Record cname(std::string owner, std::string_view alias_of) {
  return {std::move(owner), RrType::kCname, target(alias_of)};
}

Record spf(std::string owner, std::string_view record = "v=spf1 ~all") {
  return {std::move(owner), RrType::kTxt, txt({record})};
}

Record ns(std::string owner) {
  return {std::move(owner), RrType::kNs, target("ns.elsewhere.test")};
}

Record soa_at(std::string owner) {
  return {std::move(owner), RrType::kSoa, soa("ns.example", "hostmaster.example")};
}

// From "@" through `steps` aliases to an SPF record.
ResponseParts chain_of(int steps) {
  ResponseParts reply;
  for (int i = 0; i < steps; ++i) {
    reply.answer.push_back(
        cname(i == 0 ? "@" : "n" + std::to_string(i) + ".test", "n" + std::to_string(i + 1) + ".test"));
  }
  reply.answer.push_back(spf("n" + std::to_string(steps) + ".test"));
  return reply;
}

// TXT at the domain is answered so.
ScriptedRule text(ResponseParts reply) {
  return at_apex(RrType::kTxt, std::move(reply));
}

constexpr std::uint16_t kNoRa = kQr | kRd;
const Findings kSoft{.spf_all = "softfail"};
const Findings kNoSpf{.published = "exists mx dmarc", .spf_all = ""};

TEST(OddServers, Aliases) {
  expect_findings({
      {"sound", "answers", {}},
      {"alias", "an alias", {text(chain_of(1))}, kSoft},
      {"alias-backwards",
       "three aliases, the last one first",
       {text(answer(
           {spf("c.test"), cname("b.test", "c.test"), cname("a.test", "b.test"), cname("@", "a.test")}))},
       kSoft},
      {"alias-in-capitals",
       "an alias that changes its letter case",
       {text(answer({cname("@", "A.Test"), spf("a.tEST")}))},
       kSoft},
      {"sixteen", "16 aliases", {text(chain_of(16))}, kSoft},
      {"seventeen", "17 aliases: as good as a loop", {text(chain_of(17))}, no_text("cname_loop")},
      {"loop",
       "two aliases of each other",
       {text(answer({cname("@", "a.test"), cname("a.test", "loop.example")}))},
       no_text("cname_loop")},
      {"self", "an alias of itself", {text(answer({cname("@", "self.example")}))}, no_text("cname_loop")},
      {"loop-nxdomain",
       "a loop that is called a name error",
       {text(
           {.rcode = kNxDomain, .answer = {cname("@", "a.test"), cname("a.test", "loop-nxdomain.example")}})},
       no_text("cname_loop")},
      {"dangling",
       "NXDOMAIN with an alias: the domain exists, what it points at does not",
       {{.reply = {.rcode = kNxDomain, .answer = {cname("@", "gone.test")}}, .only_at = true}},
       {.published = "exists dmarc", .spf_all = ""}},
      {"dangling-everywhere",
       "the same at every name of the domain",
       {{.reply = {.rcode = kNxDomain, .answer = {cname("@", "gone.test")}}}},
       {.published = "exists", .spf_all = "", .evidence = "same_as_wildcard", .dmarc_policy = ""}},
      {"two-aliases",
       "two different aliases at one name",
       {text(answer({cname("@", "a.test"), cname("@", "b.test"), spf("a.test")}))},
       no_text("malformed")},
      {"alias-beside-text",
       "an alias and a text at one name: the type asked for comes first",
       {text(answer({cname("@", "a.test"), spf("@")}))},
       kSoft},
      {"dname",
       "a DNAME above, with its CNAME",
       {text(answer(
           {{"example", RrType::kDname, target("test")}, cname("@", "dname.test"), spf("dname.test")}))},
       kSoft},
      {"dname-alone",
       "a DNAME above, without a CNAME",
       {text(answer({{"example", RrType::kDname, target("test")}, spf("dname-alone.test")}))},
       kSoft},
      {"dname-and-other-cname",
       "a DNAME, and a CNAME that says something else",
       {text(answer({{"example", RrType::kDname, target("test")},
                     cname("@", "elsewhere.test"),
                     spf("elsewhere.test")}))},
       no_text("malformed")},
      {"dname-at-itself",
       "a DNAME at the domain itself, which is below it for nobody",
       {text(answer({{"@", RrType::kDname, target("test")}, spf("test")}))},
       kNoSpf},
  });
}

TEST(OddServers, UnfinishedAnswers) {
  expect_findings({
      {"sound", "answers", {}},
      {"referral",
       "points at other servers for everything",
       {{.reply = {.flags = kNoRa, .authority = {ns("@")}}}},
       nothing("referral")},
      {"referral-with-ra",
       "the same, though it offers recursion",
       {text({.authority = {ns("example")}})},
       no_text("referral")},
      {"ns-with-aa",
       "NS and AA: its own empty answer",
       {text({.flags = kQr | kRd | kAa, .authority = {ns("example")}})},
       kNoSpf},
      {"ns-with-soa",
       "NS and SOA: an empty answer",
       {text({.authority = {ns("example"), soa_at("example")}})},
       kNoSpf},
      {"empty", "NOERROR and nothing at all", {text({})}, kNoSpf},
      {"unfinished",
       "an alias and RA=0: nobody has looked at its end",
       {text({.flags = kNoRa, .answer = {cname("@", "a.test")}})},
       no_text("unfinished_chain")},
      {"finished-by-soa",
       "the same with an SOA: its end has no text",
       {text({.flags = kNoRa, .answer = {cname("@", "a.test")}, .authority = {soa_at("test")}})},
       kNoSpf},
      {"finished-by-ra",
       "the same from a server that recurses",
       {text(answer({cname("@", "a.test")}))},
       kNoSpf},
      {"no-domain",
       "a name error: one question, nothing exists",
       {{.reply = {.rcode = kNxDomain}}},
       no_domain()},
      {"no-domain-with-foreign",
       "a name error, with RRs of another name",
       {{.reply = {.rcode = kNxDomain, .answer = {spf("www.test"), cname("www.test", "b.test")}}}},
       no_domain()},
      {"no-domain-with-own",
       "a name error, with a text at that very name",
       {{.reply = {.rcode = kNxDomain, .answer = {spf("@")}}}},
       no_domain()},
  });
}

TEST(OddServers, RecordsOfOthers) {
  expect_findings({
      {"foreign", "a text of another name", {text(answer({spf("www.test")}))}, kNoSpf},
      {"foreign-beside",
       "a text of another name beside the domain's own",
       {text(answer({spf("www.test", "v=spf1 +all"), spf("@")}))},
       kSoft},
      {"foreign-above", "a text of the name above", {text(answer({spf("example")}))}, kNoSpf},
      {"foreign-below", "a text of a name below", {text(answer({spf("www.foreign-below.example")}))}, kNoSpf},
      {"foreign-alias",
       "an alias of another name, and a text at its end",
       {text(answer({cname("www.test", "a.test"), spf("a.test")}))},
       kNoSpf},
      {"off-the-chain",
       "a text that the chain does not lead to",
       {text(answer({cname("@", "a.test"), spf("b.test", "v=spf1 +all"), spf("a.test")}))},
       kSoft},
      {"in-authority",
       "the text in the authority section",
       {text({.authority = {spf("@"), soa_at("example")}})},
       kNoSpf},
      {"in-additional", "the text in the additional section", {text({.additional = {spf("@")}})}, kNoSpf},
      {"class-ch",
       "the text in class CH",
       {text(answer({{"@", RrType::kTxt, txt({"v=spf1 +all"}), 3}}))},
       kNoSpf},
      {"class-ch-beside",
       "a text in class CH beside one in class IN",
       {text(answer({{"@", RrType::kTxt, txt({"v=spf1 +all"}), 3}, spf("@")}))},
       kSoft},
      {"other-type", "an MX in answer to TXT", {text(answer({{"@", RrType::kMx, mx(10, "mail")}}))}, kNoSpf},
      {"everything",
       "all that it has in answer to TXT",
       {text(answer({{"@", RrType::kMx, mx(10, "mail")},
                     soa_at("@"),
                     spf("@"),
                     {"@", RrType::kSpf, txt({"v=spf1 +all"})}}))},
       kSoft},
      {"mail-alias",
       "MX is an alias of a host that has one",
       {at_apex(RrType::kMx, answer({cname("@", "host.test"), {"host.test", RrType::kMx, mx(10, "mail")}}))}},
  });
}

}  // namespace
}  // namespace dauth::testing
