// What the progress line says at each stage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/cli/progress_display.h"

namespace dauth::scanner::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using Stage = SurveyProgress::Stage;

TEST(ProgressText, MainPass) {
  SurveyProgressText text;
  text.begin(0);
  const std::string half = text({.names = 2000, .done = 1000, .unmeasured = 17, .open_domains = 100});
  EXPECT_THAT(half, HasSubstr("1,000 of 2,000 names (50 %), "));
  EXPECT_THAT(half, HasSubstr(", 17 unmeasured, "));
  EXPECT_THAT(half, EndsWith(" left"));
}

TEST(ProgressText, TheLastNamesAreWaitedForAndAreNoHundredPercent) {
  SurveyProgressText text;
  text.begin(0);
  const std::string last = text({.names = 2000, .done = 1999, .open_domains = 1});
  EXPECT_THAT(last, HasSubstr("1,999 of 2,000 names (99 %)"));
  EXPECT_THAT(last, EndsWith("waiting for the last 1"));
  EXPECT_THAT(text({.names = 2000, .done = 2000}), HasSubstr("(100 %)"));
}

TEST(ProgressText, TheWaitIsCountedDown) {
  SurveyProgressText text;
  SurveyProgress progress{.stage = Stage::kWaiting, .unmeasured = 12};
  progress.second_pass_from =
      std::chrono::steady_clock::now() + std::chrono::minutes(9) + std::chrono::seconds(30);
  EXPECT_THAT(text(progress), HasSubstr("main pass done, 12 unmeasured; second pass in 9min "));
  progress.second_pass_from = std::chrono::steady_clock::now() - std::chrono::seconds(3);
  EXPECT_EQ(text(progress), "main pass done, 12 unmeasured; second pass in 0s");
}

TEST(ProgressText, SecondPass) {
  SurveyProgressText text;
  EXPECT_EQ(text({.stage = Stage::kSecondPass,
                  .unmeasured = 7,
                  .second_pass_names = 1200,
                  .second_pass_done = 1000}),
            "second pass, 1,000 of 1,200 names asked again, 7 unmeasured");
}

}  // namespace
}  // namespace dauth::scanner::cli
