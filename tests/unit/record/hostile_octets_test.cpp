// Every parser over octets that no publisher means: none crashes, none hangs, and an error lies inside the
// text. The sanitizer presets make this the strictest test of the box.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scanner/record/dmarc_record.h"
#include "scanner/record/domainkeys_policy.h"
#include "scanner/record/macro_string.h"
#include "scanner/record/mx_set.h"
#include "scanner/record/spf_record.h"
#include "scanner/record/tag_list.h"

namespace dauth::scanner {
namespace {

template <class Parsed>
void expect_error_inside(const Parsed& parsed, std::string_view text) {
  if (parsed) return;
  EXPECT_LE(parsed.error().offset, text.size()) << testing::PrintToString(text);
  const std::string_view section = parsed.error().section;
  EXPECT_TRUE(section.starts_with("RFC ") || section == "draft-allman-dkim-ssp-02");
  EXPECT_FALSE(parsed.error().reason.empty());
}

void parse_with_everything(std::string_view text) {
  const auto spf = parse_spf(text);
  expect_error_inside(spf, text);
  if (spf) {
    EXPECT_TRUE(is_spf_record(text));
    EXPECT_TRUE(contains_spf_text(text));
    for (const SpfDirective& directive : spf->directives) {
      ASSERT_LE(directive.offset + directive.length, text.size());
      ASSERT_GE(directive.length, 1U);
    }
    all_policy(*spf);
  }
  is_sender_id_record(text);

  const auto dmarc = parse_dmarc(text);
  expect_error_inside(dmarc, text);
  if (dmarc) {
    EXPECT_TRUE(is_dmarc_record(text));
    for (const RecordError& error : dmarc->ignored) EXPECT_LE(error.offset, text.size());
  }
  if (const auto reading = read_dmarc(text)) {
    EXPECT_EQ(reading->unusable.has_value(), !dmarc);
    for (const DmarcTag& tag : reading->tags) EXPECT_LE(tag.offset + tag.name.size(), text.size());
  }

  const auto tags = parse_tag_list(text, TagValues::kByGrammar);
  expect_error_inside(tags, text);
  const auto unjudged = parse_tag_list(text, TagValues::kUnjudged);
  expect_error_inside(unjudged, text);
  EXPECT_TRUE(!tags || unjudged);
  expect_error_inside(parse_domainkeys_policy(text), text);
  expect_error_inside(parse_adsp_record(text), text);
  expect_error_inside(parse_signing_policy(text), text);

  expect_error_inside(parse_macro_string(text, 0), text);
  expect_error_inside(parse_domain_spec(text, 0), text);
  expect_error_inside(parse_explain_string(text), text);

  const std::vector<dns::ResourceRecord> rrset{
      {dns::DomainName(), dns::RrType::kMx, std::vector<std::uint8_t>(text.begin(), text.end())}};
  const auto mx = parse_mx_set(rrset);
  expect_error_inside(mx, text);
  if (mx) {
    is_null_mx(*mx);
    has_address_literal(*mx);
  }
}

const std::vector<std::string>& samples() {
  static const std::vector<std::string> texts{
      "v=spf1 a:%{d1r.}.example.jp/24//64 mx ptr ip4:192.0.2.0/24 ip6:2001:db8::192.0.2.1/96 "
      "exists:%{ir}.x.jp "
      "include:_spf.example.jp redirect=_spf.example.jp exp=e.%{d} x=%_y ~all",
      "v=DMARC1; p=reject; sp=none; np=none; rua=mailto:a@example.jp!10m,https://[::1]:1/a%20b?c#d; "
      "ruf=mailto:f@example.jp; adkim=s; aspf=r; fo=1:d:s; psd=y; t=y",
      "o=~; t=y; n=some  notes;\r\n r=postmaster@example.jp;",
      "dkim=discardable; rr=all",
      "spf2.0/mfrom,pra mx -all",
      std::string("\0\x0a\3192\0010\0012\0011\0", 12),
  };
  return texts;
}

TEST(HostileOctets, EverySingleOctetReplaced) {
  for (const std::string& sample : samples()) {
    std::string text = sample;
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (int octet = 0; octet < 256; ++octet) {
        text[at] = static_cast<char>(octet);
        parse_with_everything(text);
      }
      text[at] = sample[at];
    }
  }
}

TEST(HostileOctets, EverySingleOctetInsertedOrDropped) {
  for (const std::string& sample : samples()) {
    for (std::size_t at = 0; at <= sample.size(); ++at) {
      for (const char octet : {'\0', ' ', '%', '{', '/', ':', ';', '=', '.', '!', '\xff'}) {
        std::string text = sample;
        text.insert(at, 1, octet);
        parse_with_everything(text);
      }
      std::string text = sample;
      if (at < text.size()) text.erase(at, 1);
      parse_with_everything(text);
      parse_with_everything(sample.substr(0, at));
      parse_with_everything(sample.substr(at));
    }
  }
}

// As long as RDATA can be, and filled so that a slow parser would show.
TEST(HostileOctets, LongRecords) {
  constexpr std::size_t kLongest = 65535;
  for (const std::string_view start : {"", "v=spf1 ", "v=spf1 a:", "v=spf1 ip6:", "v=spf1 ip4:", "v=spf1 x=",
                                       "v=DMARC1;", "v=DMARC1; rua=", "v=DMARC1; fo=", "o="}) {
    for (const std::string_view filling :
         {"a",   " ",  "a ",  "a:b.c ", "-all ", "%",  "%{",    "%{d}",   "%%", "%{d9",
          "/1",  "//", ":",   "::",     "1",     "0.", ";",     "; ",     "p=", "p=x;",
          "a=;", ",",  "x:,", "!",      "1:",    "=",  "\r\n ", "x=%{d} "}) {
      std::string text(start);
      while (text.size() + filling.size() <= kLongest) text += filling;
      parse_with_everything(text);
    }
    std::string octets(start);
    for (std::size_t i = 0; octets.size() < kLongest; ++i) octets += static_cast<char>((i * 7919) >> 3);
    parse_with_everything(octets);
    parse_with_everything(std::string(start) + std::string(kLongest - start.size(), '\0'));
  }
  std::string many_tags = "o=";
  for (int i = 0; many_tags.size() + 8 < kLongest; ++i) many_tags += ";t" + std::to_string(i) + "=";
  parse_with_everything(many_tags);
  EXPECT_TRUE(is_signing_policy(many_tags));
}

}  // namespace
}  // namespace dauth::scanner
