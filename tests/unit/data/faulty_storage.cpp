#include "tests/unit/data/faulty_storage.h"

#include <stdexcept>

namespace dauth::data {
namespace {

struct State {
  StorageFault fault = StorageFault::kNoRoom;
  std::size_t at = 0;
  FaultLength length = FaultLength::kOnce;
  std::size_t operations = 0;
  bool failed = false;
  sqlite3_vfs* system = nullptr;
  sqlite3_vfs seam{};
};
State state;

// What an operation of this kind comes to, SQLITE_OK where it does not fail.
int fate_of(StorageFault operation, int code) {
  if (state.fault != operation) return SQLITE_OK;
  ++state.operations;
  if (state.at == 0 || state.operations < state.at) return SQLITE_OK;
  if (state.operations > state.at && state.length == FaultLength::kOnce) return SQLITE_OK;
  state.failed = true;
  return code;
}

struct File {
  sqlite3_file base;
  sqlite3_file* system;  // behind this struct, in the room that SQLite gives
};

sqlite3_file* system_file(sqlite3_file* file) {
  return reinterpret_cast<File*>(file)->system;
}
const sqlite3_io_methods* methods(sqlite3_file* file) {
  return system_file(file)->pMethods;
}

int close_file(sqlite3_file* file) {
  return methods(file)->xClose(system_file(file));
}
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  if (const int code = fate_of(StorageFault::kReadError, SQLITE_IOERR_READ); code != SQLITE_OK) return code;
  return methods(file)->xRead(system_file(file), to, size, offset);
}
int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  if (const int code = fate_of(StorageFault::kNoRoom, SQLITE_FULL); code != SQLITE_OK) {
    // A full disk takes what it has room for.
    methods(file)->xWrite(system_file(file), from, size / 2, offset);
    return code;
  }
  if (const int code = fate_of(StorageFault::kWriteError, SQLITE_IOERR_WRITE); code != SQLITE_OK) return code;
  return methods(file)->xWrite(system_file(file), from, size, offset);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = fate_of(StorageFault::kTruncateError, SQLITE_IOERR_TRUNCATE); code != SQLITE_OK)
    return code;
  return methods(file)->xTruncate(system_file(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
  if (const int code = fate_of(StorageFault::kSyncError, SQLITE_IOERR_FSYNC); code != SQLITE_OK) return code;
  return methods(file)->xSync(system_file(file), flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return methods(file)->xFileSize(system_file(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return methods(file)->xLock(system_file(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return methods(file)->xUnlock(system_file(file), level);
}
int is_reserved(sqlite3_file* file, int* answer) {
  return methods(file)->xCheckReservedLock(system_file(file), answer);
}
int control_file(sqlite3_file* file, int what, void* argument) {
  return methods(file)->xFileControl(system_file(file), what, argument);
}
int sector_size(sqlite3_file* file) {
  return methods(file)->xSectorSize(system_file(file));
}
int characteristics(sqlite3_file* file) {
  return methods(file)->xDeviceCharacteristics(system_file(file));
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** to) {
  return methods(file)->xShmMap(system_file(file), page, size, extend, to);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return methods(file)->xShmLock(system_file(file), offset, count, flags);
}
void barrier_shared(sqlite3_file* file) {
  methods(file)->xShmBarrier(system_file(file));
}
int unmap_shared(sqlite3_file* file, int remove) {
  return methods(file)->xShmUnmap(system_file(file), remove);
}

// Version 2: without memory-mapped reading, which would pass this seam by.
constexpr sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = is_reserved,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = barrier_shared,
    .xShmUnmap = unmap_shared,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open_file(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* opened = reinterpret_cast<File*>(file);
  opened->base.pMethods = nullptr;
  opened->system = reinterpret_cast<sqlite3_file*>(opened + 1);
  const int code = state.system->xOpen(state.system, name, opened->system, flags, out_flags);
  // SQLite closes what has methods, also after a failure.
  if (opened->system->pMethods != nullptr) opened->base.pMethods = &kMethods;
  return code;
}

}  // namespace

FaultyStorage::FaultyStorage(StorageFault fault, std::size_t at, FaultLength length) {
  if (state.system != nullptr) throw std::logic_error("one faulty storage at a time");
  state = {.fault = fault, .at = at, .length = length};
  state.system = sqlite3_vfs_find(nullptr);
  state.seam = *state.system;
  state.seam.zName = "dauth-faulty-storage";
  state.seam.pNext = nullptr;
  state.seam.szOsFile += static_cast<int>(sizeof(File));
  state.seam.xOpen = open_file;
  sqlite3_vfs_register(&state.seam, 1);
}

FaultyStorage::~FaultyStorage() {
  sqlite3_vfs_unregister(&state.seam);
  sqlite3_vfs_register(state.system, 1);
  state.system = nullptr;
}

std::size_t FaultyStorage::operations() const {
  return state.operations;
}

bool FaultyStorage::has_failed() const {
  return state.failed;
}

}  // namespace dauth::data
