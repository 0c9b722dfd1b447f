#include "scanner/list/list_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/list/list_test_support.h"

namespace dauth::scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::PiecewiseSource;
using testing::read_whole;
using ::testing::StartsWith;

TEST(PlainList, TakesNamesInEveryUsualShape) {
  const auto list = read_whole(
      "\xef\xbb\xbf# a list\r\n"
      "example.jp\r\n"
      "\r\n"
      "  WWW.Example.CO.JP.  \r\n"
      "; another comment\r\n"
      "日本語.jp\t\r\n"
      "example.jp # registered twice\r\n"
      "_dmarc.example.jp;x\r\n"
      "last.jp");
  EXPECT_EQ(list.format, ListFormat::kPlain);
  EXPECT_FALSE(list.error) << *list.error;
  EXPECT_THAT(list.names, ElementsAre("example.jp", "www.example.co.jp", "xn--wgv71a119e.jp", "example.jp",
                                      "_dmarc.example.jp", "last.jp"));
  EXPECT_THAT(list.rejections, IsEmpty());
  EXPECT_EQ(list.entries[1].line, 4U);
  EXPECT_EQ(list.entries[5].line, 9U);
}

TEST(PlainList, KeepsTheCategoryOfTypedLists) {
  const auto list = read_whole(
      "EXAMPLE.CO.JP\tCO\nexample.jp\t GENERAL \ncity.chiyoda.tokyo.jp\tGEOGRAPHIC\tmore\nplain.jp\t\n");
  EXPECT_EQ(list.format, ListFormat::kPlain);
  ASSERT_EQ(list.entries.size(), 4U);
  EXPECT_EQ(list.entries[0].category, "CO");
  EXPECT_EQ(list.entries[1].category, "GENERAL");
  EXPECT_EQ(list.entries[2].category, "GEOGRAPHIC");
  EXPECT_EQ(list.entries[3].category, std::nullopt);
}

TEST(PlainList, LosesNoNameUnseenBehindAnotherOne) {
  const auto list = read_whole("a.jp;b.jp\nc.jp#d.jp # x\ne.jp ;was f.jp\ng.jp;ask h.jp\ni.jp\n");
  EXPECT_THAT(list.names, ElementsAre("e.jp", "g.jp", "i.jp"));
  EXPECT_THAT(list.rejections, ElementsAre("1: several names in a line", "2: several names in a line"));
}

TEST(PlainList, RejectsALineWithItsPlaceAndGoesOn) {
  const auto list = read_whole("example.jp\nexa mple.jp\n192.0.2.1\nlast.jp\n");
  EXPECT_THAT(list.names, ElementsAre("example.jp", "last.jp"));
  EXPECT_THAT(list.rejections, ElementsAre("2: blank inside the name", "3: an address, not a name"));
  EXPECT_EQ(list.rejected[0].source, "list");
  EXPECT_EQ(list.rejected[0].text, "exa mple.jp");
}

TEST(PlainList, CutsTheTextOfARejectedLine) {
  const auto list = read_whole("example.jp\n" + std::string(1000, 'x') + ".jp\n");
  ASSERT_EQ(list.rejected.size(), 1U);
  EXPECT_EQ(list.rejected[0].text, std::string(200, 'x'));
}

TEST(PlainList, RejectsBinaryGarbageInTheMiddle) {
  std::string text = "example.jp\n";
  for (int i = 0; i < 400; ++i) text += "filler.jp\n";
  text += std::string("\x00\x01\x02\xff\xfe", 5) + "\nlast.jp\n";
  const auto list = read_whole(text, ListFormat::kAuto);
  EXPECT_THAT(list.error, ::testing::Optional(HasSubstr("binary data")));  // within the first 4,096 octets
  const auto later = read_whole(std::string(5000, '#') + "\n" + text);
  EXPECT_FALSE(later.error);
  EXPECT_EQ(later.names.size(), 402U);
  EXPECT_EQ(later.names.back(), "last.jp");
  EXPECT_EQ(later.rejected.size(), 1U);
}

TEST(ListReader, SaysWhenThereIsNoNameAtAll) {
  for (const std::string_view text : {"", "\n\n", "# nothing\n; at all\n", "\xef\xbb\xbf", "\r\n"}) {
    EXPECT_EQ(read_whole(text).error, "list: no name in it") << text;
  }
  // A list of which nothing could be read has rejected lines to show.
  EXPECT_FALSE(read_whole("192.0.2.1\n").error);
}

TEST(ListReader, SaysWhenItIsNoList) {
  EXPECT_THAT(read_whole(std::string_view("\xff\xfe\x65\x00", 4)).error,
              ::testing::Optional(HasSubstr("UTF-16")));
  EXPECT_THAT(read_whole(std::string_view("\x7f"
                                          "ELF\x02\x01\x01\x00",
                                          8))
                  .error,
              ::testing::Optional(StartsWith("list: is not a list of names")));
  EXPECT_THAT(read_whole("BZh91AY").error, ::testing::Optional(HasSubstr("unpack it first")));
  for (const std::string_view text : {"example.jp\rlast.jp\r", "# note\rlast.jp", "\r\rlast.jp"}) {
    EXPECT_EQ(read_whole(text).error, "list: has lines that end in CR alone; LF and CRLF are read") << text;
  }
  // One stray CR among lines, or at the end.
  EXPECT_THAT(read_whole("exa\rmple.jp\nlast.jp\r").names, ElementsAre("last.jp"));
  EXPECT_THAT(read_whole("last.jp\r").names, ElementsAre("last.jp"));
}

TEST(ListReader, GivesAnErrorInTheMiddleAndNeverTheEnd) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "name" + std::to_string(i) + ".jp\n";
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, std::size_t{20}, text.size() - 3, text.size()}) {
    const auto list =
        read_whole(std::make_unique<PiecewiseSource>(text.substr(0, length), 4096, "Input/output error"));
    EXPECT_EQ(list.error, "list: Input/output error") << length;
  }
}

// Odd columns and the like: the first line tells the shape, and what does not fit is rejected line by line.
TEST(ListReader, HoldsToTheShapeOfTheFirstLine) {
  const auto plain = read_whole("example.jp\n1,example.com\nexample.co.jp. NS ns.\n");
  EXPECT_EQ(plain.format, ListFormat::kPlain);
  EXPECT_THAT(plain.names, ElementsAre("example.jp", "1\\044example.com"));
  EXPECT_THAT(plain.rejections, ElementsAre("3: blank inside the name"));
  const auto zone = read_whole("example.jp. NS ns.\nexample.co.jp\n");
  EXPECT_EQ(zone.format, ListFormat::kZone);
  EXPECT_THAT(zone.rejections, ElementsAre("2: no RR type"));
}

TEST(ListReader, HoldsNoLongLine) {
  // Three lines of 64 MiB.
  static constexpr std::size_t kLine = 64UL << 20U;
  class Endless final : public ByteSource {
   public:
    Result<std::size_t, std::string> read(std::span<char> room) override {
      if (lines_ == 3) return std::size_t{0};
      std::ranges::fill(room, 'x');
      left_ -= std::min(left_, room.size());
      if (left_ > 0) return room.size();
      left_ = kLine;
      ++lines_;
      room.back() = '\n';
      return room.size();
    }

   private:
    std::size_t left_ = kLine;
    int lines_ = 0;
  };
  for (const ListFormat format : {ListFormat::kPlain, ListFormat::kZone, ListFormat::kCsv}) {
    const auto list = read_whole(std::make_unique<Endless>(), format);
    EXPECT_FALSE(list.error);
    EXPECT_THAT(list.rejections,
                ElementsAre("1: line longer than 65,536 octets", "2: line longer than 65,536 octets",
                            "3: line longer than 65,536 octets"));
    EXPECT_EQ(list.rejected[0].text, std::string(200, 'x'));
  }
}

TEST(ListReader, StaysAtItsEnd) {
  auto reader = ListReader::from_octets(make_memory_source("example.jp\n"), "list");
  ASSERT_TRUE(reader);
  EXPECT_TRUE(std::holds_alternative<ListEntry>((*reader)->next()));
  EXPECT_TRUE(std::holds_alternative<EndOfList>((*reader)->next()));
  EXPECT_TRUE(std::holds_alternative<EndOfList>((*reader)->next()));
}

TEST(ListReader, TakesTheFormatItIsTold) {
  // What would be a zone by its looks.
  const auto plain = read_whole("example.jp.\tNS\tns.example.jp.\n", ListFormat::kPlain);
  EXPECT_EQ(plain.format, ListFormat::kPlain);
  EXPECT_THAT(plain.names, ElementsAre("example.jp"));
  const auto csv = read_whole("example.jp\nexample.co.jp\n", ListFormat::kCsv);
  EXPECT_EQ(csv.format, ListFormat::kCsv);
  EXPECT_THAT(csv.names, ElementsAre("example.jp", "example.co.jp"));
  const auto zone = read_whole("example.jp\n", ListFormat::kZone);
  EXPECT_EQ(zone.format, ListFormat::kZone);
  EXPECT_THAT(zone.names, IsEmpty());
  EXPECT_EQ(zone.rejected.size(), 1U);
}

TEST(ListReader, FingerprintsWhatItRead) {
  // As `printf 'example.jp\nexample.co.jp\n' | xxh128sum` prints.
  const auto list = read_whole("example.jp\nexample.co.jp\n");
  EXPECT_EQ(list.fingerprint, "37649748bbed5587ad68e57cab93cb5f");
  EXPECT_EQ(read_whole(std::make_unique<PiecewiseSource>("example.jp\nexample.co.jp\n", 1)).fingerprint,
            list.fingerprint);
  EXPECT_NE(read_whole("example.jp\nexample.co.jp").fingerprint, list.fingerprint);
}

TEST(ListFormatName, GoesBothWays) {
  for (const auto format : {ListFormat::kAuto, ListFormat::kPlain, ListFormat::kZone, ListFormat::kCsv}) {
    EXPECT_EQ(list_format_from_text(to_text(format)), format);
  }
  EXPECT_EQ(list_format_from_text("xml"), std::nullopt);
}

class ListFiles : public ::testing::Test {
 protected:
  ListFiles()
      : folder_(std::filesystem::temp_directory_path() /
                ("dauth-list-test-" + std::to_string(::getpid()) + "-" +
                 ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(folder_);
  }
  ~ListFiles() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view text) {
    const auto path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  std::filesystem::path folder_;
};

TEST_F(ListFiles, AreOpenedByPath) {
  const std::string path = write("names.txt", "example.jp\nbad name.jp\n");
  auto reader = ListReader::open(path);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE(std::holds_alternative<ListEntry>((*reader)->next()));
  const ListItem rejected = (*reader)->next();
  ASSERT_TRUE(std::holds_alternative<data::RejectedLine>(rejected));
  EXPECT_EQ(std::get<data::RejectedLine>(rejected).source, path);
  EXPECT_TRUE(std::holds_alternative<EndOfList>((*reader)->next()));
}

TEST_F(ListFiles, FailWithOneClearLine) {
  const std::string absent = folder_ / "absent.txt";
  const auto no_file = ListReader::open(absent);
  ASSERT_FALSE(no_file);
  EXPECT_EQ(no_file.error().message, absent + ": No such file or directory");
  const auto directory = ListReader::open(folder_);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().message, folder_.string() + ": is a directory");
}

TEST_F(ListFiles, AreReadFromStandardInput) {
  const std::string path = write("names.txt", "example.jp\n");
  const int saved = ::dup(STDIN_FILENO);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(::dup2(file, STDIN_FILENO), 0);
  {
    auto reader = ListReader::open("-");
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ((*reader)->source(), "-");
    EXPECT_TRUE(std::holds_alternative<ListEntry>((*reader)->next()));
    EXPECT_TRUE(std::holds_alternative<EndOfList>((*reader)->next()));
  }
  EXPECT_GE(::fcntl(STDIN_FILENO, F_GETFD), 0) << "standard input was closed";
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(file);
}

}  // namespace
}  // namespace dauth::scanner
