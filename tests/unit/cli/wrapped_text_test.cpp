// Lines of `dauth runs` in a narrow terminal.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "scanner/cli/console.h"

namespace dauth::scanner::cli {
namespace {

struct Wrapping {
  std::string what;
  std::string line;
  std::size_t width;
  std::string expected;
};

class WrappedText : public ::testing::TestWithParam<Wrapping> {};

TEST_P(WrappedText, IsBrokenAtBlanks) {
  EXPECT_EQ(wrapped(GetParam().line, 4, GetParam().width), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, WrappedText,
    ::testing::Values(
        Wrapping{"no_terminal", "ab  one two three", SIZE_MAX, "ab  one two three\n"},
        Wrapping{"fits", "ab  one two", 11, "ab  one two\n"},
        Wrapping{"one_too_long", "ab  one two", 10, "ab  one\n    two\n"},
        Wrapping{"several_lines", "ab  one two three four", 10, "ab  one\n    two\n    three\n    four\n"},
        Wrapping{"long_word_stays_whole", "ab  xxxxxxxxxxxxxxxx yy", 10, "ab  xxxxxxxxxxxxxxxx\n    yy\n"},
        Wrapping{"never_before_the_value", "ab  xxxxxxxxxxxx", 6, "ab  xxxxxxxxxxxx\n"},
        Wrapping{"columns_not_octets", "ab  \u7d75\u7d75 \u7d75\u7d75", 13,
                 "ab  \u7d75\u7d75 \u7d75\u7d75\n"},
        Wrapping{"wide_characters_take_two_columns", "ab  \u7d75\u7d75 \u7d75\u7d75", 12,
                 "ab  \u7d75\u7d75\n    \u7d75\u7d75\n"},
        Wrapping{"width_of_nothing", "ab  one two", 1, "ab  one\n    two\n"},
        Wrapping{"empty", "", 10, "\n"}),
    [](const auto& test) { return test.param.what; });

}  // namespace
}  // namespace dauth::scanner::cli
