// What holds for any octets: nothing crashes, every line ends as exactly one of entry, rejection or nothing
// to say, and the pieces that the octets come in do not matter.
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/list/list_name.h"
#include "tests/unit/list/list_test_support.h"

namespace dauth::scanner {
namespace {

using testing::PiecewiseSource;
using testing::read_whole;
using testing::WholeList;

constexpr ListFormat kFormats[] = {ListFormat::kAuto, ListFormat::kPlain, ListFormat::kZone,
                                   ListFormat::kCsv};

// A list in several shapes to cut and to damage.
const std::vector<std::string>& seeds() {
  static const std::vector<std::string> kSeeds = {
      "# names\r\nexample.jp\r\n日本語.jp\tGENERAL\r\n192.0.2.1\r\nhttps://example.jp/\r\n a..b \r\n",
      "rank,domain,\"category\"\n1,\"example.jp\",CO\n2,\"a\"\"b.jp\",\n3,\"open\n4\n",
      "$ORIGIN jp.\n$TTL 1d\n@ IN SOA ns root (\n 1 ; serial\n 1h 15m 3w 900 )\n NS ns\nexample NS ns\n"
      "        3600 IN NS ns2.example.net.\nt TXT \"a ; (\" b\nesc\\046dot NS ns ; x\n$INCLUDE f\n\\",
      "jp.\t86400\tin\tsoa\ta. b. 1 2 3 4 "
      "5\na.jp.\t1\tin\tns\tns.\nb.jp.\t1\tin\tns\tns.\njp.\t86400\tin\tsoa\ta. b. 1 2 3 4 5\n"};
  return kSeeds;
}

std::size_t line_count(const std::string& text) {
  const auto feeds = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  return feeds + (text.empty() || text.back() == '\n' ? 0 : 1);
}

void check(const std::string& text, ListFormat format) {
  const WholeList list = read_whole(text, format);
  std::set<std::uint64_t> lines;
  for (const ListEntry& entry : list.entries) {
    EXPECT_TRUE(lines.insert(entry.line).second) << "line " << entry.line << " twice";
    EXPECT_FALSE(entry.name.is_root());
    EXPECT_EQ(entry.name, entry.name.lowercased());
    // A name's text is a name again, the same one.
    WireName again;
    ASSERT_TRUE(read_zone_name(entry.name.to_text() + ".", nullptr, again)) << entry.name.to_text();
    EXPECT_EQ(again.to_domain_name(), entry.name);
  }
  for (const data::RejectedLine& rejected : list.rejected) {
    EXPECT_TRUE(lines.insert(rejected.line).second) << "line " << rejected.line << " twice";
    EXPECT_FALSE(rejected.reason.empty());
    EXPECT_LE(rejected.text.size(), 200U);
  }
  if (!lines.empty()) {
    EXPECT_GE(*lines.begin(), 1U);
    EXPECT_LE(*lines.rbegin(), line_count(text));
  }
  EXPECT_TRUE(!lines.empty() || list.error) << "neither a line nor an error";
  if (list.error) {
    EXPECT_EQ(list.error->find('\n'), std::string::npos);
  }

  const WholeList piecewise = read_whole(std::make_unique<PiecewiseSource>(text, 3), format);
  EXPECT_EQ(piecewise.format, list.format);
  EXPECT_EQ(piecewise.names, list.names);
  EXPECT_EQ(piecewise.rejections, list.rejections);
  EXPECT_EQ(piecewise.error, list.error);
  EXPECT_EQ(piecewise.fingerprint, list.fingerprint);
}

TEST(ListProperties, HoldForEachSingleOctet) {
  for (int octet = 0; octet < 256; ++octet) {
    for (const ListFormat format : kFormats) {
      const auto c = static_cast<char>(octet);
      check(std::string(1, c), format);
      check(std::string("a") + c + "b.jp\n", format);
      check(std::string("example.jp. NS ns") + c + "\n", format);
    }
  }
}

TEST(ListProperties, HoldForEveryStartOfAList) {
  for (const std::string& seed : seeds()) {
    for (std::size_t length = 0; length <= seed.size(); ++length) {
      for (const ListFormat format : kFormats) check(seed.substr(0, length), format);
    }
  }
}

TEST(ListProperties, HoldForDamagedLists) {
  std::mt19937_64 random(20051001);
  const std::string_view odd("\0\r\n\t ();\"\\$@.#,\xff\xe3\x80\x82", 19);
  for (int round = 0; round < 1500; ++round) {
    std::string text = seeds()[random() % seeds().size()];
    for (std::uint64_t damage = random() % 6 + 1; damage > 0; --damage) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = odd[random() % odd.size()];
          break;
        case 1:
          text.insert(at, 1, odd[random() % odd.size()]);
          break;
        case 2:
          text.erase(at, random() % 8 + 1);
          if (text.empty()) text = "\n";
          break;
        default:
          text[at] = static_cast<char>(random());
      }
    }
    for (const ListFormat format : kFormats) check(text, format);
  }
}

TEST(ListProperties, HoldForRandomOctets) {
  std::mt19937_64 random(42);
  for (int round = 0; round < 400; ++round) {
    std::string text(random() % 300, '\0');
    // Few different octets now and then, so that lines and labels come about.
    const std::uint64_t mask = random() % 2 == 0 ? 0xff : 0x2f;
    for (char& c : text) c = static_cast<char>(random() & mask);
    for (const ListFormat format : kFormats) check(text, format);
  }
}

// In a plain list it can be told by looking what a line must become: something, or nothing where it is blank
// or a comment.
TEST(ListProperties, LoseNoLineOfAPlainList) {
  std::mt19937_64 random(7);
  constexpr std::string_view kAlphabet = "ab.-_# ;\t\n\n\r\xe3\x80\x82\\1@/:";
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 120 + 1, ' ');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    // Lines that end in CR alone are refused as a whole.
    if (text.find('\n') == std::string::npos) text += '\n';
    const WholeList list = read_whole(text, ListFormat::kPlain);
    std::istringstream stream(text);
    std::size_t meaningful = 0;
    for (std::string line; std::getline(stream, line);) {
      if (line.ends_with('\r')) line.pop_back();
      const std::size_t first = line.find_first_not_of(" \t");
      if (first != std::string::npos && line[first] != '#' && line[first] != ';') ++meaningful;
    }
    EXPECT_EQ(list.entries.size() + list.rejected.size(), meaningful) << text;
  }
}

}  // namespace
}  // namespace dauth::scanner
