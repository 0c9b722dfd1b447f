// Files for fuzz targets: a corpus of our own, which a test holds against what generates it, and packets that
// others have stored.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace dauth::testing {

// Contents by file name.
using CorpusFiles = std::map<std::string, std::string>;

// What stands in the folder and should not, or the other way, a line for each; files named found-* are an
// input that found a defect and stand there on their own. With the variable DAUTH_WRITE_CORPUS set, the
// folder is written anew first.
std::vector<std::string> corpus_differences(const std::filesystem::path& folder, const CorpusFiles& files);

// DNS messages that another project's fuzzer found worth keeping (packets/c-ares below DAUTH_DATA, which is
// not part of the repository); nothing where that variable is not set.
CorpusFiles stored_packets();

}  // namespace dauth::testing
