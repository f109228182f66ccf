// The addon that Node loads: it loads tfjs-node's own addon from beside itself, without TensorFlow's notes.
//
// TF_CPP_MIN_LOG_LEVEL does not reach what TensorFlow 2.17 and later print while they are loaded, through absl, which
// has no variable: "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR" and a line
// "I0000 …" about oneDNN. While the library is loaded, standard error therefore goes to a file in memory, of which
// everything else is passed on.
#include <dlfcn.h>
#include <node_api.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

static std::string ReadAll(int file) {
  std::string text;
  char piece[4096];
  lseek(file, 0, SEEK_SET);
  for (ssize_t count; (count = read(file, piece, sizeof piece)) > 0;) text.append(piece, count);
  return text;
}

static bool IsNote(const std::string& line) {
  return line.rfind("WARNING: All log messages before absl::InitializeLog()", 0) == 0 || line.rfind("I0000 ", 0) == 0;
}

static void* LoadQuietly(const char* path) {
  const int caught = memfd_create("stderr", MFD_CLOEXEC);
  const int original = dup(STDERR_FILENO);
  if (caught < 0 || original < 0) return dlopen(path, RTLD_NOW);
  dup2(caught, STDERR_FILENO);
  void* library = dlopen(path, RTLD_NOW);
  dup2(original, STDERR_FILENO);
  close(original);
  const std::string text = ReadAll(caught);
  close(caught);
  for (size_t from = 0, to; from < text.size(); from = to) {
    const size_t end = text.find('\n', from);
    to = end == std::string::npos ? text.size() : end + 1;
    const std::string line = text.substr(from, to - from);
    if (!IsNote(line) && write(STDERR_FILENO, line.data(), line.size()) < 0) break;
  }
  return library;
}

NAPI_MODULE_INIT() {
  Dl_info self;
  dladdr(reinterpret_cast<void*>(&napi_register_module_v1), &self);
  const std::string path(self.dli_fname);
  const std::string addon = path.substr(0, path.rfind('/') + 1) + "tfjs_backend.so";
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  const bool wantsNotes = level == nullptr || std::atoi(level) == 0;
  void* library = wantsNotes ? dlopen(addon.c_str(), RTLD_NOW) : LoadQuietly(addon.c_str());
  void* start = library == nullptr ? nullptr : dlsym(library, "napi_register_module_v1");
  if (start == nullptr) {
    napi_throw_error(env, nullptr, dlerror());
    return nullptr;
  }
  return reinterpret_cast<napi_value (*)(napi_env, napi_value)>(start)(env, exports);
}
