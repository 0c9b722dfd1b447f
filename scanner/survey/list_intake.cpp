#include "scanner/survey/list_intake.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "scanner/list/digest.h"
#include "scanner/survey/preflight.h"

namespace dauth::scanner {
namespace {
constexpr std::size_t kSliceLines = 10'000;
// For one transaction: many neighbours in the index, whose pages are then written once, and still a fraction
// of a second.
constexpr std::size_t kNamesAtOnce = 40'000;
}  // namespace

Result<ListIntake, IntakeError> ListIntake::open(const std::vector<std::string>& paths, ListFormat format,
                                                 const StopReading& stop) {
  if (std::count(paths.begin(), paths.end(), "-") > 1) {
    return unexpected(IntakeError{IntakeError::Kind::kList, "standard input ('-') can be read only once"});
  }
  std::vector<std::unique_ptr<ListReader>> readers;
  for (const std::string& path : paths) {
    auto reader = ListReader::open(path, format, stop);
    if (!reader) return unexpected(IntakeError{IntakeError::Kind::kList, std::move(reader.error().message)});
    readers.push_back(std::move(*reader));
  }
  return ListIntake(std::move(readers));
}

Result<ListIntake::Slice, IntakeError> ListIntake::read(const Categorizer* categorizer) {
  Slice slice;
  std::optional<IntakeError> error;
  for (std::size_t lines = 0; lines < kSliceLines && !slice.all_read && !error; ++lines) {
    ListItem item = readers_[current_]->next();
    if (auto* entry = std::get_if<ListEntry>(&item)) {
      ++mentions_;
      note_top_level_domain(*entry);
      if (categorizer != nullptr) take(std::move(*entry), *categorizer, slice);
    } else if (auto* line = std::get_if<data::RejectedLine>(&item)) {
      slice.rejected.push_back(std::move(*line));
    } else if (auto* failure = std::get_if<ListError>(&item)) {
      error = IntakeError{IntakeError::Kind::kList, std::move(failure->message)};
    } else if (current_ + 1 < readers_.size()) {
      ++current_;
    } else {
      slice.all_read = true;
    }
  }
  rejected_ += slice.rejected.size();
  if (!first_rejected_ && !slice.rejected.empty()) first_rejected_ = slice.rejected.front();
  if (error) return unexpected(std::move(*error));
  return slice;
}

void ListIntake::take(ListEntry entry, const Categorizer& categorizer, Slice& slice) {
  auto given = entry.category ? categorizer.from_list(*entry.category) : std::nullopt;
  if (entry.category && !given) {
    // The name is sound and must not be lost: its category follows from the rules, and the line is told.
    slice.rejected.push_back({readers_[current_]->source(), entry.line,
                              "unknown category; the name is counted by the rules",
                              std::move(*entry.category)});
  }
  data::Category category = given ? std::move(*given) : categorizer.category_of(entry.name);
  std::string server_operator = operator_of(entry);
  slice.names.push_back({std::move(entry.name), std::move(category), std::move(server_operator)});
}

std::string ListIntake::operator_of(const ListEntry& entry) {
  if (!entry.name_server) return {};
  if (!std::exchange(operators_tried_, true)) {
    if (auto suffixes = SuffixList::load()) operators_.emplace(std::move(*suffixes));
  }
  return operators_ ? operators_->operator_of(*entry.name_server) : std::string();
}

Result<bool, IntakeError> ListIntake::read_slice(data::Store* store, data::RunId run,
                                                 const Categorizer& categorizer) {
  auto slice = read(store == nullptr ? nullptr : &categorizer);
  if (!slice) return unexpected(slice.error());
  if (store == nullptr) return slice->all_read;
  if (waiting_.empty()) {
    waiting_ = std::move(slice->names);
  } else {
    waiting_.insert(waiting_.end(), std::make_move_iterator(slice->names.begin()),
                    std::make_move_iterator(slice->names.end()));
  }
  if (!waiting_.empty() && (slice->all_read || waiting_.size() >= kNamesAtOnce)) {
    const auto added = store->add_names(run, waiting_);
    if (!added) return unexpected(IntakeError{IntakeError::Kind::kStore, added.error().message});
    names_ += *added;
    waiting_.clear();
  }
  if (!slice->rejected.empty()) {
    const auto added = store->add_rejected(run, slice->rejected);
    if (!added) return unexpected(IntakeError{IntakeError::Kind::kStore, added.error().message});
  }
  return slice->all_read;
}

void ListIntake::note_top_level_domain(const ListEntry& entry) {
  // Once a handful is known this is called for nothing.
  const std::size_t known = top_level_domains_.size();
  scanner::note_top_level_domain(top_level_domains_, entry.name);
  if (top_level_domains_.size() > known && excluded_ != nullptr &&
      excluded_->covers(top_level_domains_.back())) {
    top_level_domains_.pop_back();
  }
}

std::string ListIntake::fingerprint() const {
  if (readers_.size() == 1) return readers_.front()->fingerprint();
  Digest digest;
  for (const auto& reader : readers_) {
    const std::string line = reader->fingerprint() + "\n";
    digest.add(line);
  }
  return digest.hexadecimal();
}

const std::string& ListIntake::current_source() const {
  return readers_[current_]->source();
}

}  // namespace dauth::scanner
