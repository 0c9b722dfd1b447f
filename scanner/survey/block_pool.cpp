#include "scanner/survey/block_pool.h"

#include <new>

namespace dauth::scanner {
namespace {

std::pmr::memory_resource& heap() {
  return *std::pmr::new_delete_resource();
}

}  // namespace

BlockPool::~BlockPool() {
  for (std::byte* chunk : chunks_) heap().deallocate(chunk, kChunk, kStep);
}

void* BlockPool::do_allocate(std::size_t octets, std::size_t alignment) {
  if (!is_pooled(octets, alignment)) return heap().allocate(octets, alignment);
  const std::size_t place = size_class(octets);
  FreeBlock* const block = free_[place];
  if (block == nullptr) return cut((place + 1) * kStep);
  free_[place] = block->next;
  return block;
}

void BlockPool::do_deallocate(void* block, std::size_t octets, std::size_t alignment) {
  if (!is_pooled(octets, alignment)) return heap().deallocate(block, octets, alignment);
  FreeBlock*& first = free_[size_class(octets)];
  first = new (block) FreeBlock{first};
}

void* BlockPool::cut(std::size_t octets) {
  if (rest_octets_ < octets) {
    chunks_.reserve(chunks_.size() + 1);  // what fails must fail before there is a chunk to lose
    rest_ = static_cast<std::byte*>(heap().allocate(kChunk, kStep));
    chunks_.push_back(rest_);
    rest_octets_ = kChunk;
  }
  void* const block = rest_;
  rest_ += octets;
  rest_octets_ -= octets;
  return block;
}

}  // namespace dauth::scanner
