// Times as the lines of `scan` and `runs` say them.
#include "scanner/cli/option_values.h"

#include <gtest/gtest.h>

namespace dauth::scanner::cli {
namespace {

TEST(DurationText, SaysAMinuteAsAMinute) {
  using std::chrono::milliseconds;
  EXPECT_EQ(duration_text(milliseconds(300)), "300ms");
  EXPECT_EQ(duration_text(milliseconds(2500)), "2.5s");
  EXPECT_EQ(duration_text(milliseconds(1'698)), "1.698s");
  EXPECT_EQ(duration_text(milliseconds(60'000)), "1min");
  EXPECT_EQ(duration_text(milliseconds(67'210)), "1min 7s") << "and not 0.01867h";
  EXPECT_EQ(duration_text(milliseconds(83'412)), "1min 23s");
  EXPECT_EQ(duration_text(milliseconds(600'000)), "10min");
  EXPECT_EQ(duration_text(milliseconds(3'599'900)), "1h");
  EXPECT_EQ(duration_text(milliseconds(3'600'000)), "1h");
  EXPECT_EQ(duration_text(milliseconds(7'500'000)), "2h 5min");
}

}  // namespace
}  // namespace dauth::scanner::cli
