#include "resolver/id_table.h"

#include <algorithm>
#include <utility>

namespace dauth::resolver {
namespace {

constexpr std::size_t kFirstCapacity = 1024;
constexpr std::size_t kRecentSets = 16'384;

std::uint64_t key_of(Lane lane, std::uint16_t id) {
  return (static_cast<std::uint64_t>(lane) << 16) | id;
}

// Fibonacci hashing: the multiplier is 2^64 divided by the golden ratio; the upper bits are well mixed.
std::uint64_t mixed(std::uint64_t key) {
  return (key * 0x9e37'79b9'7f4a'7c15u) >> 20;
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

// A key is never all ones: lanes and IDs have 48 bits.
RecentIds::RecentIds() : sets_(kRecentSets) {
  for (auto& set : sets_) set.fill(~std::uint64_t{0});
}

void RecentIds::remember(Lane lane, std::uint16_t id) {
  const std::uint64_t key = key_of(lane, id);
  auto& set = sets_[mixed(key) & (kRecentSets - 1)];
  std::copy_backward(set.begin(), set.end() - 1, set.end());
  set.front() = key;
}

bool RecentIds::contains(Lane lane, std::uint16_t id) const {
  const std::uint64_t key = key_of(lane, id);
  const auto& set = sets_[mixed(key) & (kRecentSets - 1)];
  return std::find(set.begin(), set.end(), key) != set.end();
}

}  // namespace dauth::resolver
