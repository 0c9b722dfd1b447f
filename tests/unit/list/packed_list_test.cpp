// Lists in gzip and zstd. The packed octets below hold "example.jp\nexample.co.jp\n".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/list/list_test_support.h"

namespace dauth::scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;
using testing::PiecewiseSource;
using testing::read_whole;

std::string octets(std::string_view hexadecimal) {
  std::string result;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2) {
    result += static_cast<char>(std::stoi(std::string(hexadecimal.substr(i, 2)), nullptr, 16));
  }
  return result;
}

// gzip -9n; zstd with its checksum.
const std::string kGzip =
    octets("1f8b08000000000002034bad48cc2dc849d5cb2ae04a853293f3413c0047a00f0d19000000");
const std::string kZstd =
    octets("28b52ffd0458c900006578616d706c652e6a700a6578616d706c652e636f2e6a700ab555810c");

class PackedList : public ::testing::TestWithParam<std::string> {};

TEST_P(PackedList, IsReadAsItsContents) {
  for (const std::size_t piece : {1U, 7U, 100000U}) {
    const auto list = read_whole(std::make_unique<PiecewiseSource>(GetParam(), piece));
    EXPECT_FALSE(list.error) << *list.error;
    EXPECT_THAT(list.names, ElementsAre("example.jp", "example.co.jp"));
    EXPECT_EQ(list.fingerprint, read_whole("example.jp\nexample.co.jp\n").fingerprint);
  }
}

TEST_P(PackedList, MayBeSeveralInARow) {
  const auto list = read_whole(GetParam() + GetParam());
  EXPECT_FALSE(list.error) << *list.error;
  EXPECT_EQ(list.names.size(), 4U);
}

TEST_P(PackedList, NeverEndsSilentlyWhereItBreaksOff) {
  for (std::size_t length = 4; length < GetParam().size(); ++length) {
    const auto list = read_whole(GetParam().substr(0, length));
    EXPECT_THAT(list.error, Optional(HasSubstr("breaks off"))) << length;
    EXPECT_THAT(read_whole(GetParam() + GetParam().substr(0, length)).error,
                Optional(HasSubstr("breaks off")))
        << length;
  }
}

TEST_P(PackedList, IsAnErrorWhereDamaged) {
  // The checksum at the end (gzip has its length behind it).
  std::string damaged = GetParam();
  damaged[damaged.size() - (damaged[0] == '\x1f' ? 6 : 2)] ^= 0x40;
  EXPECT_THAT(read_whole(damaged).error, Optional(HasSubstr("damaged")));
  EXPECT_TRUE(read_whole(GetParam() + "garbage").error);
}

INSTANTIATE_TEST_SUITE_P(Gzip, PackedList, ::testing::Values(kGzip));
INSTANTIATE_TEST_SUITE_P(Zstd, PackedList, ::testing::Values(kZstd));

// pzstd writes a skippable frame before each frame, with the size of that.
TEST(PackedZstd, MayBeginWithASkippableFrame) {
  const std::string packed = octets("502a4d180400000026000000") + kZstd;
  for (const std::size_t piece : {1U, 7U, 100000U}) {
    const auto list = read_whole(std::make_unique<PiecewiseSource>(packed + packed, piece));
    EXPECT_FALSE(list.error) << *list.error;
    EXPECT_THAT(list.names, ElementsAre("example.jp", "example.co.jp", "example.jp", "example.co.jp"));
  }
  for (std::size_t length = 4; length < packed.size(); ++length) {
    if (length == 12) continue;  // a skippable frame alone: packed, and empty
    EXPECT_THAT(read_whole(packed.substr(0, length)).error, Optional(HasSubstr("breaks off"))) << length;
  }
  EXPECT_EQ(read_whole(packed.substr(0, 12)).error, "list: no name in it");
}

TEST(PackedGzip, MayBePaddedWithZeros) {
  EXPECT_EQ(read_whole(kGzip + std::string(512, '\0')).names.size(), 2U);
}

TEST(PackedLists, HandOnTheErrorOfTheirFile) {
  for (const std::string& packed : {kGzip, kZstd}) {
    const auto list =
        read_whole(std::make_unique<PiecewiseSource>(packed.substr(0, 20), 8, "Input/output error"));
    EXPECT_EQ(list.error, "list: Input/output error");
  }
}

}  // namespace
}  // namespace dauth::scanner
