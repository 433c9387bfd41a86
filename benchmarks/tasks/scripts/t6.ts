(await filesystem.read_text_file({ path: "/home/ada/desk/notes.md" })).content
