/* text_file: a small file that a test writes for the program to read. */
#ifndef TESTS_SUPPORT_TEXT_FILE_H
#define TESTS_SUPPORT_TEXT_FILE_H

/* Written in place, as some editors do, not renamed into it; fails the test when it cannot be. */
void text_file_write(const char *path, const char *text);

#endif
