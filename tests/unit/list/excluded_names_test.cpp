#include "scanner/list/excluded_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace dauth::scanner {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

dns::DomainName name(std::string_view text) {
  return dns::DomainName::from_text(text).value();
}

class ExcludedNamesTest : public ::testing::Test {
 protected:
  ExcludedNamesTest()
      : folder_(std::filesystem::temp_directory_path() /
                ("dauth-exclude-test-" + std::to_string(::getpid()) + "-" +
                 ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(folder_);
  }
  ~ExcludedNamesTest() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& file, std::string_view text) {
    const auto path = folder_ / file;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  std::filesystem::path folder_;
};

TEST_F(ExcludedNamesTest, CoverANameAndAllBelowInEveryUsualShape) {
  const std::string one =
      write("one", "\xef\xbb\xbf# asked by mail, 2026-10\r\nExample.JP.\r\n\r\n日本語.jp ; by letter\r\n");
  const std::string two = write("two", "a.example.com\tsince 2025\n_x.example.net");
  const auto excluded = ExcludedNames::read({one, two});
  ASSERT_TRUE(excluded) << excluded.error();
  EXPECT_EQ(excluded->size(), 4U);
  for (const std::string_view covered :
       {"example.jp", "EXAMPLE.jp", "www.example.jp", "a.b.c.example.jp", "xn--wgv71a119e.jp",
        "www.xn--wgv71a119e.jp", "a.example.com", "b.a.example.com", "_x.example.net"}) {
    EXPECT_TRUE(excluded->covers(name(covered))) << covered;
  }
  for (const std::string_view outside : {".", "jp", "other.jp", "notexample.jp", "example.co.jp",
                                         "example.jp.com", "example.com", "b.example.com", "x.example.net"}) {
    EXPECT_FALSE(excluded->covers(name(outside))) << outside;
  }
}

TEST_F(ExcludedNamesTest, MayBeNone) {
  EXPECT_FALSE(ExcludedNames().covers(name("example.jp")));
  for (const std::string_view text : {"", "\n", "# nobody yet\n", "\xef\xbb\xbf"}) {
    const auto excluded = ExcludedNames::read({write("none", text)});
    ASSERT_TRUE(excluded) << excluded.error();
    EXPECT_EQ(excluded->size(), 0U);
  }
}

TEST_F(ExcludedNamesTest, DoNotPassOverALineThatIsNoName) {
  struct Bad {
    std::string_view line;
    std::string_view reason;
  };
  for (const Bad& bad :
       {Bad{"exa mple.jp", "blank inside the name"}, Bad{"https://example.jp/", "a URL"},
        Bad{"192.0.2.1", "an address"}, Bad{"a..jp", "empty label"}, Bad{".", "the root"},
        Bad{"example.jp,example.com", "one name a line"}, Bad{"1,example.com", "one name a line"},
        Bad{"\"example.com", "one name a line"}, Bad{"example.jp\texample.com", "one name a line"},
        Bad{"example.jp;example.com", "several names in a line"},
        Bad{"example.jp#example.com", "several names in a line"},
        Bad{"*.example.jp", "no wildcard is needed"},
        // Half of what is asked of a domain.
        Bad{"_DMARC.example.jp", "give the domain"},
        Bad{"_policy._domainkey.example.jp", "give the domain"}}) {
    const std::string path = write("bad", "good.jp\n" + std::string(bad.line) + "\nlast.jp\n");
    const auto excluded = ExcludedNames::read({path});
    ASSERT_FALSE(excluded) << bad.line;
    EXPECT_THAT(excluded.error(), StartsWith(path + ":2: ")) << bad.line;
    EXPECT_THAT(excluded.error(), HasSubstr(bad.reason)) << bad.line;
  }
}

TEST_F(ExcludedNamesTest, AreRefusedWhereAFileCannotBeRead) {
  const std::string absent = folder_ / "absent";
  EXPECT_EQ(ExcludedNames::read({absent}).error(), absent + ": No such file or directory");
  // A packed file that breaks off would exclude only some of those who asked.
  EXPECT_THAT(ExcludedNames::read({write("packed", "\x1f\x8b\x08")}).error(), HasSubstr("breaks off"));
}

}  // namespace
}  // namespace dauth::scanner
