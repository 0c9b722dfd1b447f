#include "tests/unit/resolver_dns/corpus_files.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace dauth::testing {
namespace {

CorpusFiles files_in(const std::filesystem::path& folder) {
  CorpusFiles files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().filename().string()] =
        std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  }
  return files;
}

}  // namespace

std::vector<std::string> corpus_differences(const std::filesystem::path& folder, const CorpusFiles& files) {
  if (std::getenv("DAUTH_WRITE_CORPUS") != nullptr) {
    std::filesystem::create_directories(folder);
    for (const auto& [title, octets] : files) std::ofstream(folder / title, std::ios::binary) << octets;
  }
  std::vector<std::string> differences;
  const CorpusFiles stored = files_in(folder);
  for (const auto& [title, octets] : files) {
    const auto found = stored.find(title);
    if (found == stored.end() || found->second != octets) {
      differences.push_back(title + ": set DAUTH_WRITE_CORPUS and run this test to write it anew");
    }
  }
  for (const auto& [title, octets] : stored) {
    if (!files.contains(title) && !title.starts_with("found-")) {
      differences.push_back(title + ": nothing generates this file");
    }
  }
  return differences;
}

CorpusFiles stored_packets() {
  const char* root = std::getenv("DAUTH_DATA");
  return root == nullptr ? CorpusFiles() : files_in(std::filesystem::path(root) / "packets/c-ares");
}

}  // namespace dauth::testing
