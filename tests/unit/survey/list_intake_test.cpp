// Lists of every shape into one run: each name once, with its category and its name-server operator.
#include "scanner/survey/list_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/support/temporary_directory.h"

namespace dauth::scanner {
namespace {

using dauth::testing::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ListIntakeTest : public ::testing::Test {
 protected:
  std::string write(const std::string& file, const std::string& text) { return directory.write(file, text); }

  // All that the lists come to, "name CATEGORY operator".
  std::vector<std::string> taken(ListIntake& intake) {
    std::vector<std::string> all;
    for (;;) {
      auto slice = intake.next_slice(*categorizer);
      if (!slice) {
        error = slice.error().message;
        return all;
      }
      for (const data::ListedName& name : slice->names) {
        all.push_back(name.name.to_text() + " " + std::string(name.category.code()) +
                      (name.name_server_operator.empty() ? "" : " " + name.name_server_operator));
      }
      for (const data::RejectedLine& line : slice->rejected) {
        rejections.push_back(line.source.substr(line.source.rfind('/') + 1) + ":" +
                             std::to_string(line.line) + ": " + line.reason);
      }
      if (slice->all_read) return all;
    }
  }
  std::vector<std::string> taken(const std::vector<std::string>& paths) {
    auto intake = ListIntake::open(paths, ListFormat::kAuto).value();
    return taken(intake);
  }

  TemporaryDirectory directory;
  std::unique_ptr<Categorizer> categorizer = std::move(*make_categorizer("jp"));
  std::vector<std::string> rejections;
  std::string error;
};

const std::string kZone =
    "$ORIGIN jp.\n$TTL 1d\n@ IN SOA ns root (\n 1 ; serial\n 2 3 4 5 )\n NS ns\n"
    "example NS NS1.Hosting.Example.NET.\n NS ns2.other.example.\n"
    "example.co NS ns.example.co\nself NS ns1.self\nsuffix NS co\ngeneric TYPE2 \\# 1 00\n";

TEST_F(ListIntakeTest, TakesTheOperatorOfTheFirstNameServerOfAZone) {
  EXPECT_THAT(taken({write("jp.zone", kZone)}),
              ElementsAre("example.jp GENERAL example.net", "example.co.jp CO example.co.jp",
                          "self.jp GENERAL self.jp", "suffix.jp GENERAL co.jp", "generic.jp GENERAL"));
  EXPECT_THAT(rejections, IsEmpty());
}

TEST_F(ListIntakeTest, ReadsListsOfSeveralShapesAtOnce) {
  const std::vector<std::string> paths = {
      write("plain.txt", "\xef\xbb\xbf# names\r\nEXAMPLE.jp.\r\nexa mple.jp\r\n日本語.jp"),
      write("typed.tsv", "city.chiyoda.tokyo.jp\tGEOGRAPHIC\nplain.jp\tco\nodd.jp\tWRONG\n"),
      write("rank.csv", "rank;domain\n1;\"example.ne.jp\"\n2;192.0.2.1\n"), write("jp.zone", kZone)};
  EXPECT_THAT(taken(paths), ElementsAre("example.jp GENERAL", "xn--wgv71a119e.jp GENERAL",
                                        "city.chiyoda.tokyo.jp GEOGRAPHIC", "plain.jp CO", "odd.jp GENERAL",
                                        "example.ne.jp NE", "example.jp GENERAL example.net",
                                        "example.co.jp CO example.co.jp", "self.jp GENERAL self.jp",
                                        "suffix.jp GENERAL co.jp", "generic.jp GENERAL"));
  EXPECT_THAT(rejections, ElementsAre("plain.txt:3: blank inside the name",
                                      "typed.tsv:3: unknown category; the name is counted by the rules",
                                      "rank.csv:3: an address, not a name"));
}

TEST_F(ListIntakeTest, TakesANameOnceHoweverItIsWritten) {
  auto store = data::Store::open(directory.file("survey.sqlite"), data::OpenMode::kCreate).value();
  data::RunSettings settings;
  settings.month = {2026, 11};
  const data::RunId run = store.begin_run(settings).value();
  auto intake = ListIntake::open({write("a.txt", "日本語.jp\nXN--WGV71A119E.JP\nexample.jp\nEXAMPLE.jp.\n"),
                                  write("b.csv", "1,xn--wgv71a119e.jp\n2,日本語。ｊｐ\n3,ex\\097mple.jp\n"),
                                  write("c.zone", "jp. SOA a. b. 1\nEXAMPLE.JP. NS ns.\n")},
                                 ListFormat::kAuto)
                    .value();
  while (!intake.read_slice(&store, run, *categorizer).value()) {
  }
  EXPECT_EQ(intake.names(), 2U);
  EXPECT_EQ(intake.mentions(), 8U);
  ASSERT_TRUE(store.finish_list(run, intake.fingerprint()));
  std::vector<std::string> names;
  const auto planned = store.names_to_survey(run, 0, 10).value();
  for (const data::PlannedName& name : planned) names.push_back(name.name.to_text());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("example.jp", "xn--wgv71a119e.jp"));
}

TEST_F(ListIntakeTest, FingerprintsTheListsInTheirOrder) {
  const std::string a = write("a", "a.jp\n");
  const std::string b = write("b", "b.jp\n");
  const auto fingerprint = [&](const std::vector<std::string>& paths) {
    auto intake = ListIntake::open(paths, ListFormat::kAuto).value();
    taken(intake);
    return intake.fingerprint();
  };
  EXPECT_EQ(fingerprint({a, b}), fingerprint({a, b}));
  EXPECT_NE(fingerprint({a, b}), fingerprint({b, a}));
  EXPECT_NE(fingerprint({a}), fingerprint({a, a}));
}

TEST_F(ListIntakeTest, SaysWhichListCannotBeRead) {
  EXPECT_THAT(
      ListIntake::open({write("a", "a.jp\n"), directory.file("absent")}, ListFormat::kAuto).error().message,
      HasSubstr("absent: No such file or directory"));
  EXPECT_THAT(ListIntake::open({"-", "-"}, ListFormat::kAuto).error().message, HasSubstr("only once"));
  taken({write("a", "a.jp\n"), write("b.zone", "jp. SOA a. b. 1\n$INCLUDE more\n")});
  EXPECT_THAT(error, HasSubstr("b.zone:2: $INCLUDE: other files are not read"));
}

TEST_F(ListIntakeTest, RemembersTheFirstRejectedLine) {
  auto intake = ListIntake::open({write("bad.txt", "192.0.2.1\nexa mple.jp\n")}, ListFormat::kAuto).value();
  EXPECT_FALSE(intake.first_rejected());
  taken(intake);
  ASSERT_TRUE(intake.first_rejected());
  EXPECT_EQ(intake.first_rejected()->line, 1U);
  EXPECT_EQ(intake.rejected(), 2U);
}

TEST_F(ListIntakeTest, KeepsExcludedTopLevelDomainsFromThePreflight) {
  ExcludedNames excluded;
  excluded.add(dns::DomainName::from_text("com").value());
  excluded.add(dns::DomainName::from_text("example.jp").value());
  auto intake = ListIntake::open({write("a", "example.com\nexample.jp\nexample.org\n")}, ListFormat::kAuto);
  intake->set_excluded(excluded);
  taken(*intake);
  std::vector<std::string> domains;
  for (const dns::DomainName& domain : intake->top_level_domains()) domains.push_back(domain.to_text());
  EXPECT_THAT(domains, ElementsAre("jp", "org"));
}

}  // namespace
}  // namespace dauth::scanner
