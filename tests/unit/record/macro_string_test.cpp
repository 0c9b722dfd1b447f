#include "scanner/record/macro_string.h"

#include <gtest/gtest.h>

namespace dauth::scanner {
namespace {

using namespace std::string_view_literals;

MacroPiece literal(std::string text) {
  return MacroLiteral{std::move(text)};
}
MacroPiece expansion(MacroLetter letter, std::uint8_t kept_parts = 0, MacroOrder order = MacroOrder::kAsIs,
                     std::string delimiters = ".") {
  return MacroExpansion{letter, MacroEscaping::kNone, kept_parts, order, std::move(delimiters)};
}

// The examples of RFC 7208 section 7.4.
TEST(DomainSpec, TakesTheExamplesOfTheRfcApart) {
  const auto spec = parse_domain_spec("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", 0);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->text, "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}");
  EXPECT_EQ(spec->pieces,
            (std::vector<MacroPiece>{expansion(MacroLetter::kAddress, 0, MacroOrder::kReversed), literal("."),
                                     expansion(MacroLetter::kAddressFamily), literal("."),
                                     expansion(MacroLetter::kLocalPart, 1, MacroOrder::kReversed, "-"),
                                     literal(".lp._spf."), expansion(MacroLetter::kDomain, 2)}));
  EXPECT_FALSE(spec->uses_validated_name());
  for (const auto text : {"%{s}", "%{o}", "%{d}", "%{d4}", "%{dr}", "%{d2r}", "%{l-}", "%{lr}", "%{lr-}",
                          "%{ir}.%{v}._spf.%{d2}", "%{d2}.trusted-domains.example.net"}) {
    EXPECT_TRUE(parse_domain_spec(text, 0)) << text;
  }
}

TEST(DomainSpec, LettersAreWithoutCaseAndTheUpperOnesEscape) {
  const auto spec = parse_domain_spec("%{P12R.-+,/_=}", 0);
  ASSERT_TRUE(spec);
  ASSERT_EQ(spec->pieces.size(), 1U);
  const auto& macro = std::get<MacroExpansion>(spec->pieces.front());
  EXPECT_EQ(macro.letter, MacroLetter::kValidatedName);
  EXPECT_EQ(macro.escaping, MacroEscaping::kUrl);
  EXPECT_EQ(macro.kept_parts, 12);
  EXPECT_EQ(macro.order, MacroOrder::kReversed);
  EXPECT_EQ(macro.delimiters, ".-+,/_=");
  EXPECT_TRUE(spec->uses_validated_name());
}

TEST(DomainSpec, LargeNumbersOfPartsAreReadAs255) {
  for (const auto text : {"%{d255}", "%{d256}", "%{d99999999999999999999999999}"}) {
    const auto spec = parse_domain_spec(text, 0);
    ASSERT_TRUE(spec) << text;
    EXPECT_EQ(std::get<MacroExpansion>(spec->pieces.front()).kept_parts, 255) << text;
  }
  const auto padded = parse_domain_spec("%{d0127}", 0);
  ASSERT_TRUE(padded);
  EXPECT_EQ(std::get<MacroExpansion>(padded->pieces.front()).kept_parts, 127);
}

TEST(DomainSpec, EscapesBecomeLiteralText) {
  const auto spec = parse_domain_spec("a%%b%_c%-d.example", 0);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->pieces, (std::vector<MacroPiece>{literal("a%b c%20d.example")}));
}

TEST(DomainSpec, EndsInATopLabelOrAMacro) {
  for (const auto text : {"example.com",
                          "example.com.",
                          "_spf.example.com",
                          "a.b.c.example.xn--zckzah",
                          "x.1a",
                          "x.a1",
                          "x.1-1",
                          "x.a--b",
                          ".com",
                          "a..com",
                          "foo:bar/baz.example.com",
                          "%{d}.com",
                          "foo.%{d}",
                          "foo%%",
                          "foo%_",
                          "foo%-",
                          "museum.%{d}",
                          "a=b.example",
                          "%{d}..com",
                          "!\"#$&'()*.example"}) {
    EXPECT_TRUE(parse_domain_spec(text, 0)) << text;
  }
}

struct BadSpec {
  std::string_view text;
  std::size_t at;
  std::string_view section;
};

TEST(DomainSpec, RefusesOtherEndsAndOctets) {
  constexpr auto kGrammar = "RFC 7208 section 7.1";
  constexpr auto kLetters = "RFC 7208 section 7.2";
  constexpr auto kProcessing = "RFC 7208 section 7.3";
  for (const auto& [text, at, section] : std::initializer_list<BadSpec>{{"", 0, kGrammar},
                                                                        {"museum", 0, kGrammar},
                                                                        {"museum.", 0, kGrammar},
                                                                        {"111.222.33.44", 11, kGrammar},
                                                                        {"example.123", 8, kGrammar},
                                                                        {"example.-com", 8, kGrammar},
                                                                        {"example.com-", 8, kGrammar},
                                                                        {"example.co_m", 8, kGrammar},
                                                                        {"example.com..", 12, kGrammar},
                                                                        {"example.com:8080", 8, kGrammar},
                                                                        {"example.com/24", 8, kGrammar},
                                                                        {"%{d}com", 4, kGrammar},
                                                                        {"a.%{d}com", 6, kGrammar},
                                                                        {"a.com%%b", 7, kGrammar},
                                                                        {"a b.com", 1, kGrammar},
                                                                        {"a\tb.com", 1, kGrammar},
                                                                        {"a\0b.com"sv, 1, kGrammar},
                                                                        {"a\x7f.com", 1, kGrammar},
                                                                        {"\xc3\xa9.com", 0, kGrammar},
                                                                        {"%(ir).example.com", 0, kProcessing},
                                                                        {"foo%.example.com", 3, kProcessing},
                                                                        {"foo.com%", 7, kProcessing},
                                                                        {"%{", 2, kGrammar},
                                                                        {"%{d", 3, kGrammar},
                                                                        {"%{d2r-", 6, kGrammar},
                                                                        {"%{d0}", 3, kProcessing},
                                                                        {"%{d000r}", 3, kProcessing},
                                                                        {"%{d r}", 3, kGrammar},
                                                                        {"%{rd2}", 2, kLetters},
                                                                        {"%{dr2}", 4, kGrammar},
                                                                        {"%{d-r}", 4, kGrammar},
                                                                        {"%{d;}", 3, kGrammar},
                                                                        {"%{}", 2, kLetters},
                                                                        {"%{a}.example", 2, kLetters},
                                                                        {"%{\xff}.example", 2, kLetters},
                                                                        {"%{c}.example", 2, kLetters},
                                                                        {"%{R}.example", 2, kLetters},
                                                                        {"%{t}.example", 2, kLetters}}) {
    const auto spec = parse_domain_spec(text, 50);
    ASSERT_FALSE(spec) << text;
    EXPECT_EQ(spec.error().offset, 50 + at) << text;
    EXPECT_EQ(spec.error().section, section) << text;
    EXPECT_FALSE(spec.error().reason.empty());
  }
}

TEST(MacroStringSyntax, NeedsNoDomainAndMayBeEmpty) {
  EXPECT_TRUE(parse_macro_string("", 0));
  EXPECT_TRUE(parse_macro_string("man:dog/cat", 0));
  EXPECT_TRUE(parse_macro_string("123", 0));
  EXPECT_FALSE(parse_macro_string("%abc", 0));
  EXPECT_FALSE(parse_macro_string("%{c}", 0));
}

// The examples of RFC 7208 section 6.2.
TEST(ExplainString, AllowsSpacesAndTheLettersOfExplanations) {
  for (const auto text : {"", "Mail from example.com should only be sent by its own servers.",
                          "%{i} is not one of %{d}'s designated mail servers.",
                          "See http://%{d}/why.html?s=%{S}&i=%{I}", "%{c} refused by %{r} at %{t}"}) {
    EXPECT_TRUE(parse_explain_string(text)) << text;
  }
  const auto tab = parse_explain_string("no\ttabs");
  ASSERT_FALSE(tab);
  EXPECT_EQ(tab.error().offset, 2U);
  EXPECT_FALSE(parse_explain_string("r\xe9sum\xe9"));
  EXPECT_FALSE(parse_explain_string("100% sure"));
}

}  // namespace
}  // namespace dauth::scanner
