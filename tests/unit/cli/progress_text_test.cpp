// What the progress line says at each stage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/cli/progress_display.h"

namespace dauth::scanner::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Stage = SurveyProgress::Stage;

TEST(ProgressText, MainPass) {
  SurveyProgressText text;
  text.begin(0);
  const auto half = text({.names = 2000, .done = 1000, .unmeasured = 17, .open_domains = 100}, 480);
  EXPECT_THAT(half.parts, ElementsAre("1,000 of 2,000 names (50 %)", ::testing::EndsWith(" left"),
                                      ::testing::EndsWith("/s"), "17 unmeasured", "480 in flight"));
  EXPECT_DOUBLE_EQ(half.share.value_or(0), 0.5);
}

TEST(ProgressText, TheLastNamesAreWaitedForAndAreNoHundredPercent) {
  SurveyProgressText text;
  text.begin(0);
  const auto last = text({.names = 2000, .done = 1999, .open_domains = 1}, 3);
  EXPECT_EQ(last.parts.at(0), "1,999 of 2,000 names (99 %)");
  EXPECT_EQ(last.parts.at(1), "waiting for the last 1");
  EXPECT_THAT(text({.names = 2000, .done = 2000}, 0).parts.at(0), HasSubstr("(100 %)"));
}

TEST(ProgressText, TheWaitIsCountedDown) {
  SurveyProgressText text;
  SurveyProgress progress{.stage = Stage::kWaiting, .unmeasured = 12};
  progress.second_pass_from =
      std::chrono::steady_clock::now() + std::chrono::minutes(9) + std::chrono::seconds(30);
  EXPECT_THAT(text(progress, 0).parts,
              ElementsAre(StartsWith("second pass in 9min "), "main pass done", "12 unmeasured"));
  progress.second_pass_from = std::chrono::steady_clock::now() - std::chrono::seconds(3);
  EXPECT_EQ(text(progress, 0).parts.at(0), "second pass in 0s");
}

TEST(ProgressText, SecondPass) {
  SurveyProgressText text;
  EXPECT_THAT(
      text(
          {.stage = Stage::kSecondPass, .unmeasured = 7, .second_pass_names = 1200, .second_pass_done = 1000},
          9)
          .parts,
      ElementsAre("second pass, 1,000 of 1,200 names asked again", "7 unmeasured", "9 in flight"));
}

TEST(ProgressLine, ABarWhereThereIsRoom) {
  const ProgressLine line{.parts = {"1 of 2 names (50 %)", "3s left"}, .share = 0.5};
  EXPECT_EQ(fitted_progress("2026-11", line, 79),
            "2026-11 [###############               ] 1 of 2 names (50 %), 3s left");
  EXPECT_EQ(fitted_progress("2026-11", line, 49), "2026-11 [#####     ] 1 of 2 names (50 %), 3s left");
  EXPECT_EQ(fitted_progress("2026-11", line, 45), "2026-11: 1 of 2 names (50 %), 3s left");
}

TEST(ProgressLine, ANarrowTerminalLosesTheLeastTellingPartsFirst) {
  const ProgressLine line{.parts = {"1 of 2 names (50 %)", "3s left", "7/s"}, .share = 0.5};
  EXPECT_EQ(fitted_progress("2026-11", line, 40), "2026-11: 1 of 2 names (50 %), 3s left");
  EXPECT_EQ(fitted_progress("2026-11", line, 30), "2026-11: 1 of 2 names (50 %)");
  EXPECT_EQ(fitted_progress("2026-11", line, 20), "1 of 2 names (50 %)");
  EXPECT_EQ(fitted_progress("2026-11", line, 6), "1 of 2");
  EXPECT_EQ(fitted_progress("2026-11", line, 0), "");
}

TEST(ProgressLine, NoWidthIsExceededAndNoCharacterTorn) {
  const ProgressLine line{.parts = {"reading \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E.txt", "12 names"}};
  for (std::size_t width = 0; width < 60; ++width) {
    const std::string fitted = fitted_progress("2026-11", line, width);
    std::size_t columns = 0;
    std::size_t continuations_due = 0;
    for (const char c : fitted) {
      const auto octet = static_cast<unsigned char>(c);
      if ((octet & 0xC0) == 0x80) {
        ASSERT_GT(continuations_due, 0U) << fitted;
        --continuations_due;
        continue;
      }
      ASSERT_EQ(continuations_due, 0U) << fitted;
      columns += octet < 0x80 ? 1 : 2;
      continuations_due = octet < 0x80 ? 0 : 2;  // the characters above have three octets
    }
    EXPECT_EQ(continuations_due, 0U) << fitted;
    EXPECT_LE(columns, width) << fitted;
  }
}

}  // namespace
}  // namespace dauth::scanner::cli
