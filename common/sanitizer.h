/*
 * sanitizer: is this a build with AddressSanitizer?  It allocates, writes and
 * asks the system for things of its own.
 */
#ifndef COMMON_SANITIZER_H
#define COMMON_SANITIZER_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZER 1
#endif
#endif

#ifndef SANITIZER
#define SANITIZER 0
#endif

#endif
