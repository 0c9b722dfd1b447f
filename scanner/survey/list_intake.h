// Taking whole lists into the database before anything is asked, a slice at a time.
//
// Owns the readers; borrows the store and the categorizer. Every line of a list ends as a name, a duplicate
// or a rejected line in the database; a name of a zone has the operator of its first name server beside it
// (name_server_operators.h). The fingerprint stands for the octets of all lists in their order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/store.h"
#include "scanner/list/categorizer.h"
#include "scanner/list/excluded_names.h"
#include "scanner/list/list_reader.h"
#include "scanner/list/name_server_operators.h"

namespace dauth::scanner {

struct IntakeError {
  enum class Kind : std::uint8_t { kList, kStore };
  Kind kind = Kind::kList;
  std::string message;
};

class ListIntake {
 public:
  // Opens every list at once, so that a wrong path is told before anything is written.
  // `stop` ends the reading of a pipe that has nothing to read.
  static Result<ListIntake, IntakeError> open(const std::vector<std::string>& paths, ListFormat format,
                                              const StopReading& stop = {});
  // Top-level domains among them are not for the preflight. They outlive the intake.
  void set_excluded(const ExcludedNames& excluded) { excluded_ = &excluded; }

  // What some thousand lines come to.
  struct Slice {
    std::vector<data::ListedName> names;  // duplicates included
    std::vector<data::RejectedLine> rejected;
    bool all_read = false;
  };
  Result<Slice, IntakeError> next_slice(const Categorizer& categorizer) { return read(&categorizer); }

  // Reads the next slice into the run, whose names may reach the database only with a later one; true when
  // all lists have been read and all names are there. Without a store the lists are only read, for their
  // fingerprint.
  Result<bool, IntakeError> read_slice(data::Store* store, data::RunId run, const Categorizer& categorizer);

  // After the last slice.
  std::string fingerprint() const;
  std::uint64_t names() const { return names_; }        // new ones
  std::uint64_t mentions() const { return mentions_; }  // names, duplicates included
  std::uint64_t rejected() const { return rejected_; }
  const std::optional<data::RejectedLine>& first_rejected() const { return first_rejected_; }
  const std::string& current_source() const;
  // A few of the names' top-level domains, for the preflight; none that is excluded.
  const std::vector<dns::DomainName>& top_level_domains() const { return top_level_domains_; }

 private:
  explicit ListIntake(std::vector<std::unique_ptr<ListReader>> readers) : readers_(std::move(readers)) {}

  // Without a categorizer the lines are only read.
  Result<Slice, IntakeError> read(const Categorizer* categorizer);
  void take(ListEntry entry, const Categorizer& categorizer, Slice& slice);
  std::string operator_of(const ListEntry& entry);
  void note_top_level_domain(const ListEntry& entry);

  std::vector<std::unique_ptr<ListReader>> readers_;
  const ExcludedNames* excluded_ = nullptr;
  // Made at the first zone; nothing where there is no suffix list at all, and operators stay unknown then.
  bool operators_tried_ = false;
  std::optional<NameServerOperators> operators_;
  std::size_t current_ = 0;
  std::vector<data::ListedName> waiting_;  // not in the database yet
  std::uint64_t names_ = 0;
  std::uint64_t mentions_ = 0;
  std::uint64_t rejected_ = 0;
  std::optional<data::RejectedLine> first_rejected_;
  std::vector<dns::DomainName> top_level_domains_;
};

}  // namespace dauth::scanner
