#include "scanner/postmaster/dkim_key.h"

#include <gmock/gmock.h>

#include "tests/unit/postmaster/address_records.h"
#include "tests/unit/postmaster/dkim_keys.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using scanner::DkimKey;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kOwner = "s1._domainkey.example.jp";

DkimKey look_up(dns::LookupOutcome outcome) {
  ScriptedInquiry inquiry({{{kOwner, RrType::kTxt}, std::move(outcome)}});
  return inquiry.run(scanner::look_up_dkim_key(inquiry, name("example.jp"), name("s1")));
}

// A key record in strings of at most 255 octets, as it has to be published.
dns::ResourceRecord key_record(std::string_view owner, const std::string& text) {
  std::vector<std::string> strings;
  for (std::size_t at = 0; at < text.size(); at += 255) strings.push_back(text.substr(at, 255));
  return text_record(owner, strings);
}

TEST(DkimKey, IsPublished) {
  const std::string text = "v=DKIM1; p=" + std::string(kRsa4096);
  const DkimKey key = look_up(answer({key_record(kOwner, text)}));
  EXPECT_EQ(key.selector, name("s1"));
  EXPECT_EQ(key.owner, name(kOwner));
  EXPECT_EQ(text_of(key.exists), "yes");
  EXPECT_EQ(text_of(key.is_published), "yes");
  EXPECT_EQ(text_of(key.is_alias), "no");
  EXPECT_EQ(text_of(key.is_usable), "yes");
  ASSERT_THAT(key.records, SizeIs(1));
  EXPECT_EQ(key.records[0].text, text);
  ASSERT_TRUE(key.records[0].record);
  EXPECT_EQ(key.records[0].record->bits, 4096u);
}

TEST(DkimKey, StandsAtAProvider) {
  const DkimKey key =
      look_up(answer({key_record("s1.dkim.provider.example", "k=ed25519; p=" + std::string(kRfc8463Key))},
                     {cname(kOwner, "s1.example-jp.provider.example"),
                      cname("s1.example-jp.provider.example", "s1.dkim.provider.example")}));
  EXPECT_EQ(text_of(key.is_alias), "yes");
  EXPECT_EQ(key.canonical_name, name("s1.dkim.provider.example"));
  EXPECT_EQ(text_of(key.is_usable), "yes");

  const DkimKey dangling = look_up(no_data({cname(kOwner, "gone.provider.example")}));
  EXPECT_EQ(text_of(dangling.is_alias), "yes");
  EXPECT_EQ(dangling.canonical_name, name("gone.provider.example"));
  EXPECT_EQ(text_of(dangling.is_published), "no");
  EXPECT_EQ(text_of(dangling.is_usable), "no");
}

TEST(DkimKey, IsAbsentOrUnknown) {
  const DkimKey absent = look_up(name_error());
  EXPECT_EQ(text_of(absent.exists), "no");
  EXPECT_EQ(text_of(absent.is_published), "no");
  EXPECT_EQ(text_of(absent.is_usable), "no");
  EXPECT_THAT(absent.records, IsEmpty());
  const DkimKey empty = look_up(no_data());
  EXPECT_EQ(text_of(empty.exists), "yes");
  EXPECT_EQ(text_of(empty.is_published), "no");
  for (const auto cause : {dns::FailureCause::kTimeout, dns::FailureCause::kServfail}) {
    const DkimKey lost = look_up(failure(cause));
    const std::string word(dns::to_text(cause));
    EXPECT_EQ(text_of(lost.exists), word);
    EXPECT_EQ(text_of(lost.is_published), word);
    EXPECT_EQ(text_of(lost.is_alias), word);
    EXPECT_EQ(text_of(lost.is_usable), word);
  }
}

TEST(DkimKey, SeveralRecordsAreNotUsable) {
  const std::string good = "v=DKIM1; p=" + std::string(kRsa2048);
  const DkimKey key = look_up(
      answer({key_record(kOwner, good), text_record(kOwner, {"v=spf1 -all"}), text_record(kOwner, {"p="})}));
  ASSERT_THAT(key.records, SizeIs(3));
  EXPECT_EQ(key.records[0].text, "p=");
  EXPECT_EQ(key.records[1].text, good);
  EXPECT_TRUE(key.records[1].record && key.records[1].record->is_usable());
  EXPECT_FALSE(key.records[2].record);
  EXPECT_EQ(text_of(key.is_usable), "no");
}

TEST(DkimKey, SelectorsOfSeveralLabels) {
  ScriptedInquiry inquiry({{{"march.2025._domainkey.example.jp", RrType::kTxt}, name_error()}});
  const DkimKey key = inquiry.run(scanner::look_up_dkim_key(inquiry, name("example.jp"), name("march.2025")));
  EXPECT_THAT(inquiry.questions(), ElementsAre("march.2025._domainkey.example.jp TXT"));
  EXPECT_EQ(key.owner, name("march.2025._domainkey.example.jp"));
}

TEST(DkimKey, ANameThatIsTooLongIsNotAsked) {
  const std::string label(60, 'a');
  const auto domain = name(label + "." + label + "." + label + ".jp");
  ScriptedInquiry inquiry({});
  const DkimKey key = inquiry.run(scanner::look_up_dkim_key(inquiry, domain, name(label + ".s2")));
  EXPECT_FALSE(key.owner);
  EXPECT_EQ(text_of(key.exists), "no");
  EXPECT_EQ(text_of(key.is_published), "no");
  EXPECT_THAT(inquiry.questions(), IsEmpty());
}

TEST(DkimSelector, IsAName) {
  for (const std::string good : {"s1", "march.2025", "k1_2", "20230601", "selector1-example-jp", "A.b.C"}) {
    const auto selector = scanner::parse_selector(good);
    ASSERT_TRUE(selector) << good;
    EXPECT_EQ(selector->to_text(), good);
  }
  for (const std::string bad :
       {"", ".", "s1.", ".s1", "s..1", "s 1", "s1;", "\xc3\xa9", "s\\0461", "s1\n", "*"}) {
    EXPECT_FALSE(scanner::parse_selector(bad)) << bad;
  }
  EXPECT_FALSE(scanner::parse_selector(std::string(64, 'a')));
  EXPECT_FALSE(scanner::parse_selector(std::string(1, '\0')));
}

}  // namespace
}  // namespace dauth::testing
