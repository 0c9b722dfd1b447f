// What reading a list costs: runs ListReader to its end and prints `names N` and `rejected N`. Nothing is
// kept.
//
//   list_reading FILE
#include <cstdint>
#include <cstdio>
#include <variant>

#include "scanner/list/list_reader.h"

namespace {

using namespace dauth;

int fail(const std::string& message) {
  std::fprintf(stderr, "list_reading: %s\n", message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fail("usage: list_reading FILE");
  auto reader = scanner::ListReader::open(argv[1]);
  if (!reader) return fail(reader.error().message);
  std::uint64_t names = 0;
  std::uint64_t rejected = 0;
  for (;;) {
    const scanner::ListItem item = (*reader)->next();
    if (std::holds_alternative<scanner::ListEntry>(item)) {
      ++names;
    } else if (std::holds_alternative<data::RejectedLine>(item)) {
      ++rejected;
    } else if (const auto* error = std::get_if<scanner::ListError>(&item)) {
      return fail(error->message);
    } else {
      break;
    }
  }
  std::printf("names %ju\nrejected %ju\n", static_cast<std::uintmax_t>(names),
              static_cast<std::uintmax_t>(rejected));
  return 0;
}
