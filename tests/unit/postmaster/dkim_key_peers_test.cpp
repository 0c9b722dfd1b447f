// Our reading of DKIM keys held against that of OpenSSL's own program, over the keys in real zones. Needs
// DAUTH_DATA and Debian's openssl; skipped loudly without.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "scanner/postmaster/dkim_key_record.h"

namespace dauth::scanner {
namespace {

constexpr int kProgramMissing = 77;

struct Output {
  int status = -1;
  std::string text;
};

Output run_peer(const std::string& directory) {
  Output output;
  const std::string command = "/usr/bin/python3 '" DAUTH_DKIM_KEY_PEERS "' '" + directory + "'";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 65536> buffer;
  while (const std::size_t length = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.text.append(buffer.data(), length);
  }
  const int status = pclose(pipe);
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

std::string our_verdict(const std::string& text) {
  const auto key = parse_dkim_key(text);
  if (!key) return "none";
  if (key->state == DkimKeyState::kRevoked) return "revoked";
  if (key->type != DkimKeyType::kRsa) return "other";
  return key->state == DkimKeyState::kMalformed ? "malformed" : std::to_string(key->bits);
}

TEST(DkimKeyPeers, OpenSslReadsTheSameKeys) {
  const char* root = std::getenv("DAUTH_DATA");
  if (root == nullptr) GTEST_SKIP() << "DAUTH_DATA is not set: no real zones to compare with";
  const Output peer = run_peer(std::string(root) + "/real/zones-moj");
  if (peer.status == kProgramMissing) GTEST_SKIP() << "Debian's openssl is not installed";
  ASSERT_EQ(peer.status, 0);
  std::size_t records = 0;
  std::size_t keys = 0;
  for (std::size_t at = 0; at < peer.text.size(); ++records) {
    const std::size_t tab = peer.text.find('\t', at);
    const std::size_t end = peer.text.find('\n', at);
    ASSERT_LT(tab, end);
    std::string text;
    for (std::size_t i = at; i + 1 < tab; i += 2)
      text += static_cast<char>(std::stoi(peer.text.substr(i, 2), nullptr, 16));
    const std::string verdict = peer.text.substr(tab + 1, end - tab - 1);
    EXPECT_EQ(our_verdict(text), verdict) << text;
    keys += std::isdigit(static_cast<unsigned char>(verdict[0])) ? 1U : 0U;
    at = end + 1;
  }
  RecordProperty("records", static_cast<int>(records));
  EXPECT_GE(records, 30U);
  EXPECT_GE(keys, 15U);
}

}  // namespace
}  // namespace dauth::scanner
