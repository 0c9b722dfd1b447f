#include "scanner/list/line_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/list/list_test_support.h"

namespace dauth::scanner {
namespace {

using testing::PiecewiseSource;

struct SeenLine {
  std::string text;
  std::uint64_t number;
  bool overlong;
  friend bool operator==(const SeenLine&, const SeenLine&) = default;
};

std::vector<SeenLine> lines_of(const std::string& octets, std::size_t piece) {
  LineSource source(std::make_unique<PiecewiseSource>(octets, piece));
  std::vector<SeenLine> lines;
  for (;;) {
    const auto line = source.next();
    EXPECT_TRUE(line);
    if (!line || !*line) return lines;
    lines.push_back({std::string((*line)->text), (*line)->number, (*line)->overlong});
  }
}

TEST(LineSource, SplitsAtLineFeedsWhateverThePieces) {
  const std::string octets =
      "\xef\xbb\xbf"
      "a\r\nb\n\nc\r\r\n\xef\xbb\xbf"
      "d";
  const std::vector<SeenLine> expected = {{"a", 1, false},
                                          {"b", 2, false},
                                          {"", 3, false},
                                          {"c\r", 4, false},
                                          {"\xef\xbb\xbf"
                                           "d",
                                           5, false}};
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 1000U})
    EXPECT_EQ(lines_of(octets, piece), expected) << piece;
}

TEST(LineSource, CutsLongLinesAndGoesOnBehindThem) {
  for (const std::size_t piece : {std::size_t{1000}, std::size_t{65536}, std::size_t{1} << 24U}) {
    for (const std::string_view end : {"\n", "\r\n"}) {
      for (const std::size_t length :
           {LineSource::kLongestLine, LineSource::kLongestLine + 1, LineSource::kLongestLine + 2,
            LineSource::kBufferSize - 1, LineSource::kBufferSize, 3 * LineSource::kBufferSize}) {
        const std::string line(length, 'x');
        const auto lines = lines_of("first" + std::string(end) + line + std::string(end) + "last", piece);
        ASSERT_EQ(lines.size(), 3U) << length;
        const bool overlong = length > LineSource::kLongestLine;
        EXPECT_EQ(lines[1].overlong, overlong) << length;
        EXPECT_EQ(lines[1].text, overlong ? std::string(256, 'x') : line) << length;
        EXPECT_EQ(lines[2], (SeenLine{"last", 3, false})) << length;
      }
    }
  }
}

TEST(LineSource, TellsALongLastLine) {
  const auto lines = lines_of(std::string(2 * LineSource::kBufferSize, 'x'), 4096);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].overlong);
}

TEST(LineSource, FingerprintsAllOctetsOfLongLinesToo) {
  const std::string octets = "a\n" + std::string(2 * LineSource::kBufferSize, 'x') + "\nb\n";
  std::vector<std::string> fingerprints;
  for (const std::size_t piece : {777U, 100000U}) {
    LineSource source(std::make_unique<PiecewiseSource>(octets, piece));
    while (source.next().value()) {
    }
    fingerprints.push_back(source.fingerprint());
  }
  Digest digest;
  digest.add(octets);
  EXPECT_THAT(fingerprints, ::testing::Each(digest.hexadecimal()));
}

TEST(LineSource, ShowsTheStartWithoutTakingIt) {
  LineSource source(
      std::make_unique<PiecewiseSource>("\xef\xbb\xbf"
                                        "ab\ncd\n",
                                        2));
  EXPECT_EQ(source.read_start()->text, "a");
  EXPECT_EQ(source.read_start()->text, "ab\n");
  auto start = source.read_start();
  while (!start->complete) start = source.read_start();
  EXPECT_EQ(start->text, "ab\ncd\n");
  EXPECT_EQ(source.next().value()->text, "ab");
  EXPECT_EQ(source.next().value()->number, 2U);
}

}  // namespace
}  // namespace dauth::scanner
