// The fuzz corpus of responses is what this makes: the sample responses, and what lies. With the variable
// DAUTH_WRITE_CORPUS set, the folder is written anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/resolver_dns/corpus_files.h"
#include "tests/unit/resolver_dns/sample_responses.h"

namespace dauth::testing {
namespace {

using std::string_literals::operator""s;

CorpusFiles generated() {
  CorpusFiles files;
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
  EXPECT_THAT(corpus_differences(DAUTH_RESPONSE_CORPUS, generated()), ::testing::IsEmpty());
}

}  // namespace
}  // namespace dauth::testing
