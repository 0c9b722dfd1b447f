// The framing over what its fuzz target is seeded with: a corpus of our own, which this generates, and stored
// packets under DAUTH_DATA. With the variable DAUTH_WRITE_CORPUS set, the corpus is written anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "resolver/net/tcp_framer.h"
#include "tests/unit/resolver_dns/corpus_files.h"
#include "tests/unit/resolver_dns/sample_responses.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace dauth::testing {
namespace {

using std::string_literals::operator""s;

std::string framed(const Octets& message) {
  Octets octets;
  net::TcpFramer::frame(message, octets);
  return std::string(octets.begin(), octets.end());
}

// An input of tests/fuzz/tcp_framer_fuzz.cpp.
std::string input(const std::string& stream, const std::string& reads) {
  return stream + reads + static_cast<char>(reads.size());
}

CorpusFiles generated() {
  CorpusFiles files;
  std::string all;
  for (const auto& sample : sample_responses()) {
    if (!sample.title.starts_with("Answer") && !sample.title.starts_with("NameError")) continue;
    const std::string message = framed(sample.parts.octets());
    files[sample.title] = input(message, "\0\1\2"s);
    all += message;
  }
  files["ManyWhole"] = input(all, "");
  files["ManyByTheOctet"] = input(all, "\0"s);
  files["ManyInPieces"] = input(all, "\13\200\14\0\1"s);
  files["ManyAndALengthOfZero"] = input(all + "\0\0"s + all, "\77"s);
  files["ManyAndHalfALength"] = input(all + "\0"s, "\77"s);
  for (const std::size_t length : {0U, 1U, 11U, 12U, 13U}) {
    const std::string stream = "\0"s + static_cast<char>(length) + std::string(length, 'x');
    files["LengthOf" + std::to_string(length)] = input(stream + stream, "\1"s);
  }
  files["Longest"] = input("\xff\xff"s + std::string(65'535, '\0') + framed(Octets(12)), "\377"s);
  files["LongestWithoutItsEnd"] = input("\xff\xff"s + std::string(65'534, '\0'), "\377\0"s);
  files["PromisesMoreThanComes"] = input("\40\0"s + all, "\100"s);
  files["Empty"] = input("", "\0\1"s);
  return files;
}

TEST(FramerCorpus, IsWhatIsGenerated) {
  EXPECT_THAT(corpus_differences(DAUTH_FRAMER_CORPUS, generated()), ::testing::IsEmpty());
}

// Each as a message, as a stream, and all of them behind each other. What does not hold aborts.
TEST(FramerCorpus, StoredPacketsComeOutOfTheirFrames) {
  const CorpusFiles packets = stored_packets();
  if (packets.empty()) GTEST_SKIP() << "NOT TESTED: DAUTH_DATA does not name the folder of stored packets";
  const auto run = [](const std::string& octets) {
    return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
  };
  std::string stream;
  std::size_t messages = 0;
  for (const auto& [file, packet] : packets) {
    EXPECT_EQ(run(packet), 0) << file;
    if (packet.size() < 12 || packet.size() > 65'535) continue;
    const std::string message = framed(octets_of(packet));
    EXPECT_EQ(run(input(message, "\0\7"s)), 0) << file;
    stream += message;
    ++messages;
  }
  EXPECT_GT(messages, packets.size() / 2);
  for (const std::string& reads : {""s, "\0"s, "\1\377\14"s}) EXPECT_EQ(run(input(stream, reads)), 0);
}

}  // namespace
}  // namespace dauth::testing
