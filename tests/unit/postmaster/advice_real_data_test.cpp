// Real records that people meant as SPF: what is none gets advice that says so, and what is one does not.
// Needs DAUTH_DATA; skipped loudly without.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "scanner/postmaster/advice.h"
#include "scanner/record/spf_record.h"
#include "tests/unit/postmaster/dmarc_script.h"

namespace dauth::testing {
namespace {

// The fields of a CSV file in order, row after row (RFC 4180).
std::vector<std::vector<std::string>> rows_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  const std::string text = content.str();
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && is_quoted && i + 1 < text.size() && text[i + 1] == '"') {
      row.back() += text[++i];
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (is_quoted || (c != ',' && c != '\n' && c != '\r')) {
      row.back() += c;
    } else if (c == ',') {
      row.emplace_back();
    } else if (c == '\n') {
      rows.push_back(std::exchange(row, std::vector<std::string>(1)));
    }
  }
  return rows;
}

scanner::Probe<bool> ask_txt(scanner::Inquiry& inquiry, const dns::DomainName& domain) {
  co_await inquiry.ask(domain, dns::RrType::kTxt);
  co_return true;
}

TEST(AdviceOnRealRecords, SaysOfEachNearMissThatItIsNone) {
  const char* root = std::getenv("DAUTH_DATA");
  if (root == nullptr) GTEST_SKIP() << "SKIPPED: DAUTH_DATA is not set, real SPF records were not looked at";
  std::size_t none = 0;
  std::size_t records = 0;
  for (const auto& [file, column] :
       {std::pair{"/real/spf-odd-real.csv", 2}, {"/real/public-bodies-2026.csv", 2}}) {
    auto rows = rows_of(std::string(root) + file);
    ASSERT_GT(rows.size(), 100u) << file;
    rows.erase(rows.begin());
    for (const std::vector<std::string>& row : rows) {
      const std::string& text = row.at(static_cast<std::size_t>(column));
      if (text.empty()) continue;
      ScriptedInquiry inquiry({{{"example.jp", dns::RrType::kTxt}, text_answer("example.jp", {text})}});
      const dns::DomainName domain = name("example.jp");
      ASSERT_TRUE(inquiry.run(ask_txt(inquiry, domain)));
      const auto advice = scanner::advise(domain, data::Observation(), inquiry);
      const auto is_given = [&](scanner::AdviceCode code) {
        return std::any_of(advice.begin(), advice.end(),
                           [&](const scanner::Advice& piece) { return piece.code == code; });
      };
      const bool is_record = scanner::is_spf_record(text);
      ++(is_record ? records : none);
      EXPECT_EQ(is_given(scanner::AdviceCode::kSpfNearMiss), !is_record) << text;
      EXPECT_EQ(is_given(scanner::AdviceCode::kSpfInvalid), is_record && !scanner::parse_spf(text)) << text;
    }
  }
  EXPECT_GT(none, 10u);
  EXPECT_GT(records, 10000u);
}

}  // namespace
}  // namespace dauth::testing
