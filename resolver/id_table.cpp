#include "resolver/id_table.h"

#include <utility>

namespace dauth::resolver {
namespace {

constexpr std::size_t kFirstCapacity = 1024;
constexpr std::size_t kRecentSets = 16'384;
constexpr unsigned kSetBits = 14;
static_assert(kRecentSets == std::size_t{1} << kSetBits);
constexpr unsigned kMarkBits = 16;
constexpr std::uint64_t kMarkMask = 0xffff;

std::uint64_t key_of(Lane lane, std::uint16_t id) {
  return (static_cast<std::uint64_t>(lane) << 16) | id;
}

// Fibonacci hashing: the multiplier is 2^64 divided by the golden ratio; the upper bits are well mixed.
std::uint64_t mixed(std::uint64_t key) {
  return (key * 0x9e37'79b9'7f4a'7c15u) >> 20;
}

// Of bits that do not choose the set; never 0, which stands for an empty place.
std::uint64_t mark_of(std::uint64_t hash) {
  const std::uint64_t mark = (hash >> kSetBits) & kMarkMask;
  return mark == 0 ? 1 : mark;
}

}  // namespace

IdTable::IdTable() : entries_(kFirstCapacity) {}

std::size_t IdTable::home_of(std::uint64_t key) const {
  return mixed(key) & (entries_.size() - 1);
}

std::optional<std::uint32_t> IdTable::find(Lane lane, std::uint16_t id) const {
  const std::uint64_t key = key_of(lane, id);
  for (std::size_t at = home_of(key);; at = (at + 1) & (entries_.size() - 1)) {
    if (entries_[at].key == key) return entries_[at].slot;
    if (entries_[at].key == kFree) return std::nullopt;
  }
}

void IdTable::insert(Lane lane, std::uint16_t id, std::uint32_t slot) {
  if (2 * (size_ + 1) > entries_.size()) grow();
  const std::uint64_t key = key_of(lane, id);
  std::size_t at = home_of(key);
  while (entries_[at].key != kFree) at = (at + 1) & (entries_.size() - 1);
  entries_[at] = {key, slot};
  ++size_;
}

void IdTable::erase(Lane lane, std::uint16_t id) {
  const std::uint64_t key = key_of(lane, id);
  const std::size_t mask = entries_.size() - 1;
  std::size_t hole = home_of(key);
  while (entries_[hole].key != key) {
    if (entries_[hole].key == kFree) return;
    hole = (hole + 1) & mask;
  }
  // Entries behind the hole move up, unless that took them before their home.
  for (std::size_t at = (hole + 1) & mask; entries_[at].key != kFree; at = (at + 1) & mask) {
    const std::size_t home = home_of(entries_[at].key);
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    entries_[hole] = entries_[at];
    hole = at;
  }
  entries_[hole] = {};
  --size_;
}

void IdTable::grow() {
  std::vector<Entry> old(entries_.size() * 2);
  std::swap(old, entries_);
  for (const Entry& entry : old) {
    if (entry.key == kFree) continue;
    std::size_t at = home_of(entry.key);
    while (entries_[at].key != kFree) at = (at + 1) & (entries_.size() - 1);
    entries_[at] = entry;
  }
}

RecentIds::RecentIds() : sets_(kRecentSets) {}

void RecentIds::take_in() {
  for (std::size_t i = 0; i < newest_count_; ++i) {
    const std::uint64_t hash = mixed(key_of(newest_[i].lane, newest_[i].id));
    std::uint64_t& set = sets_[hash & (kRecentSets - 1)];
    set = (set << kMarkBits) | mark_of(hash);
  }
  newest_count_ = 0;
}

bool RecentIds::contains(Lane lane, std::uint16_t id) {
  take_in();
  const std::uint64_t hash = mixed(key_of(lane, id));
  for (std::uint64_t set = sets_[hash & (kRecentSets - 1)]; set != 0; set >>= kMarkBits) {
    if ((set & kMarkMask) == mark_of(hash)) return true;
  }
  return false;
}

}  // namespace dauth::resolver
