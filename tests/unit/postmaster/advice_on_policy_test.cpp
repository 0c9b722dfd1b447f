// Advice about what the tree walk found, and advice over hostile octets.
#include "tests/unit/postmaster/advice_script.h"

namespace dauth::testing {
namespace {

using scanner::Advice;

std::vector<std::string> advice_on(const std::string& domain, const TextsByName& texts,
                                   const OutcomesByName& others = {}) {
  ScriptedInquiry::Script script = dmarc_script({domain, "red.example.net"}, texts, others);
  ScriptedInquiry inquiry(std::move(script));
  const dns::DomainName start = name(domain);
  return texts_of(scanner::advise_on_policy(inquiry.run(scanner::discover_dmarc(inquiry, start))));
}

TEST(AdviceOnPolicy, FollowsTheTreeWalk) {
  using Texts = std::vector<std::string>;
  const std::string at = "_dmarc.example.jp";
  const std::string permission = "example.jp._report._dmarc.red.example.net";
  EXPECT_EQ(advice_on("a.example.jp", {}), (Texts{"dmarc_missing warning"}));
  EXPECT_EQ(advice_on("a.example.jp", {{at, {kGoodDmarc}}}), Texts{});
  EXPECT_EQ(advice_on("example.jp", {{at, {"v=DMARC1; p=none"}}}), Texts{}) << "told of the record itself";
  EXPECT_EQ(advice_on("a.example.jp", {{at, {"v=DMARC1; p=reject; sp=none"}}}),
            (Texts{"dmarc_inherited_none note example.jp", "dmarc_inherited_no_reports note example.jp"}));
  EXPECT_EQ(advice_on("a.example.jp", {{at, {"v=DMARC1; p=x"}}}),
            (Texts{"dmarc_inherited_invalid problem example.jp"}));
  EXPECT_EQ(advice_on("example.jp", {{at, {"v=DMARC1; p=x"}}}), Texts{});
  EXPECT_EQ(advice_on("example.jp", {{at, {kGoodDmarc, kGoodDmarc}}}), Texts{});
  const std::string to_red = "v=DMARC1; p=reject; rua=mailto:a@red.example.net,mailto:nowhere";
  EXPECT_EQ(advice_on("example.jp", {{at, {to_red}}}, {{permission, name_error()}}),
            (Texts{"reports_not_authorized problem mailto:a@red.example.net: no v=DMARC1 at " + permission,
                   "reports_nowhere warning mailto:nowhere"}));
  EXPECT_EQ(advice_on("example.jp", {{at, {to_red}}, {permission, {"v=DMARC1"}}}),
            (Texts{"reports_nowhere warning mailto:nowhere"}));
  EXPECT_EQ(
      advice_on("example.jp", {{at, {to_red}}, {permission, {"v=DMARC1; rua=mailto:a@victim.example"}}}),
      (Texts{"reports_overridden_outside problem mailto:a@red.example.net",
             "reports_nowhere warning mailto:nowhere"}));
  // Nothing where it is not known.
  EXPECT_EQ(advice_on("a.example.jp", {}, {{at, failure()}}), Texts{});
  EXPECT_EQ(advice_on("a.example.jp", {}, {{"_dmarc.jp", failure()}}), Texts{});
  EXPECT_EQ(advice_on("a.example.jp", {}, {{"a.example.jp", failure()}}), Texts{})
      << "it may not exist at all";
  EXPECT_EQ(advice_on("a.example.jp", {}, {{"a.example.jp", name_error()}}), Texts{});
  EXPECT_EQ(advice_on("example.jp", {{at, {"v=DMARC1; p=reject; rua=mailto:a@red.example.net"}}},
                      {{permission, failure()}}),
            Texts{});
  EXPECT_EQ(advice_on("a.example.jp", {{at, {"v=DMARC1; p=reject; np=none; rua=mailto:a@example.jp"}}},
                      {{"a.example.jp", failure()}}),
            Texts{});
}

// Octets that no publisher means, at every place: nothing crashes or hangs, and no list has no end.
TEST(Advice, BearsHostileOctets) {
  const std::vector<std::string> samples = {
      "v=spf1 -ptr:a.example ?all a redirect=b.example",
      "v=DMARC1; p=x; sp=none; junk; pct=50; rua=mailto:a@example.jp!10m; fo=1; policy=y"};
  const auto expect_bounded = [](const std::string& text) {
    const AdviceCase c = {"", {text}, {text}, {text}, {}, {}};
    const std::vector<Advice> advice = advice_of(script_of(c));
    EXPECT_LE(advice.size(), scanner::kMaxOfOneCode * 6);
    for (const Advice& piece : advice) EXPECT_LE(piece.subject.size(), text.size() + 100);
  };
  for (const std::string& sample : samples) {
    for (std::size_t at = 0; at < sample.size(); ++at) {
      for (const char octet : {'\0', ' ', ';', '=', '%', '!', '/', '\t', '\xff'}) {
        std::string text = sample;
        text[at] = octet;
        expect_bounded(text);
      }
      expect_bounded(sample.substr(0, at));
      expect_bounded(sample.substr(at));
    }
  }
  constexpr std::size_t kLongest = 65000;
  for (const std::string start : {"", "v=spf1 ", "v=DMARC1;", "v=DMARC1; p=x; rua="}) {
    for (const std::string filling :
         {"a", " ", "a ", "-all ", ";", "x=;", "p=;", "junk;", "pct=1;", "!,", "\xff"}) {
      std::string text = start;
      while (text.size() + filling.size() <= kLongest) text += filling;
      expect_bounded(text);
    }
  }
}

}  // namespace
}  // namespace dauth::testing
