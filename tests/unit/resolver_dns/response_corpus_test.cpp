// The fuzz corpus of responses is what this makes: the sample responses, and what lies. With the variable
// DAUTH_WRITE_CORPUS set, the folder is written anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "tests/unit/resolver_dns/sample_responses.h"

namespace dauth::testing {
namespace {

using std::string_literals::operator""s;

std::map<std::string, std::string> generated() {
  std::map<std::string, std::string> files;
  const auto add = [&](const std::string& title, const Octets& octets) {
    files[title] = std::string(octets.begin(), octets.end());
  };
  for (const auto& sample : sample_responses()) {
    // Error codes are all alike to a fuzzer.
    if (sample.title.starts_with("Rcode") && !sample.title.starts_with("Rcode2")) continue;
    add(sample.title, sample.parts.octets());
  }
  ResponseParts lying{.qtype = dns::RrType::kMx,
                      .answer = {{"example.jp", dns::RrType::kMx, mx(10, "mail.example.jp")}},
                      .additional = {opt()}};
  lying.answer[0].rdata_length = 3;
  add("LyingRdlength", lying.octets());
  lying.answer[0].rdata_length = 0xffff;
  add("LyingRdlengthPastTheEnd", lying.octets());
  lying.answer[0].rdata_length.reset();
  lying.additional.push_back(opt());
  add("LyingOptTwice", lying.octets());
  Octets octets = lying.octets();
  octets.resize(octets.size() - 5);
  add("LyingCut", octets);
  octets = ResponseParts{.qname = "."}.octets();
  put_u16(octets, 6, 1);
  // An owner at octet 17 that points there.
  const Octets record = octets_of("\300\21\0\20\0\1\0\0\0\0\0\0"s);
  octets.insert(octets.end(), record.begin(), record.end());
  add("LyingPointerToItself", octets);
  return files;
}

TEST(ResponseCorpus, IsWhatIsGenerated) {
  const std::filesystem::path folder(DAUTH_RESPONSE_CORPUS);
  const auto files = generated();
  if (std::getenv("DAUTH_WRITE_CORPUS") != nullptr) {
    for (const auto& [title, octets] : files) std::ofstream(folder / title, std::ios::binary) << octets;
  }
  for (const auto& [title, octets] : files) {
    std::ifstream file(folder / title, std::ios::binary);
    ASSERT_TRUE(file.is_open()) << title;
    const std::string stored((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    EXPECT_TRUE(stored == octets) << title << ": set DAUTH_WRITE_CORPUS and run this test to write it anew";
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    EXPECT_TRUE(files.contains(entry.path().filename().string()) ||
                entry.path().filename().string().starts_with("found-"))
        << entry.path();
  }
}

}  // namespace
}  // namespace dauth::testing
