using IlgpuDistance.Tests;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_replaces_an_older_one_and_leaves_no_other()
    {
        File.WriteAllText(_folder["a"], "older and longer");
        AtomicFile.WriteText(_folder["a"], writer => writer.WriteLine("é"));
        Assert.Equal([0xc3, 0xa9, (byte)'\n'], File.ReadAllBytes(_folder["a"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_write_that_fails_half_way_leaves_the_older_file_and_no_other()
    {
        File.WriteAllText(_folder["a"], "old");
        var disk = Assert.Throws<IOException>(() => AtomicFile.Write(_folder["a"], stream =>
        {
            stream.WriteByte(1);
            throw new IOException("disk full");
        }));
        Assert.Equal($"cannot write {_folder["a"]}: disk full", disk.Message);
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(_folder["a"], _ => throw new InvalidOperationException()));
        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_an_error_that_names_the_file() =>
        Assert.Contains(_folder["no/a"], Assert.Throws<IOException>(() => AtomicFile.Write(_folder["no/a"], _ => { })).Message,
            StringComparison.Ordinal);

    [SkippableFact]
    public void What_is_behind_a_symbolic_link_is_written_and_the_link_stays()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a permission on Windows");
        Directory.CreateDirectory(_folder["real/deep"]);
        File.WriteAllText(_folder["real/old"], "old");
        File.CreateSymbolicLink(_folder["link"], _folder["real/old"]);
        // The folder is a link itself, so that ".." leads elsewhere than the text says.
        Directory.CreateSymbolicLink(_folder["folder"], _folder["real/deep"]);
        File.CreateSymbolicLink(_folder["real/deep/up"], "../new");
        File.CreateSymbolicLink(_folder["chain"], "folder/up");
        foreach (string name in new[] { "link", "chain" })
            AtomicFile.WriteText(_folder[name], writer => writer.Write(name));
        Assert.Equal(("link", "chain"), (File.ReadAllText(_folder["real/old"]), File.ReadAllText(_folder["real/new"])));
        Assert.Equal((_folder["real/old"], "folder/up"),
            (new FileInfo(_folder["link"]).LinkTarget, new FileInfo(_folder["chain"]).LinkTarget));
        Assert.Equal(["new", "old"], Directory.GetFiles(_folder["real"]).Select(Path.GetFileName).Order());

        File.CreateSymbolicLink(_folder["a"], "b");
        File.CreateSymbolicLink(_folder["b"], "a");
        string circle = Assert.Throws<IOException>(() => AtomicFile.Write(_folder["a"], _ => { })).Message;
        Assert.Equal($"cannot write {_folder["a"]}: {_folder["a"]} is a symbolic link that leads in a circle", circle);
    }

    [SkippableFact]
    public void A_pipe_or_a_device_is_written_to_and_stays_what_it_is()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such names in folders");
        using (var process = System.Diagnostics.Process.Start("mkfifo", [_folder["pipe"]]))
            process.WaitForExit();
        File.CreateSymbolicLink(_folder["link"], "pipe");
        for (int i = 0; i < 2; i++)
        {
            Task<string> reader = Task.Run(() => File.ReadAllText(_folder["pipe"]));
            AtomicFile.WriteText(_folder[i == 0 ? "pipe" : "link"], writer => writer.Write("content"));
            Assert.Equal("content", reader.Result);
        }
        AtomicFile.WriteText("/dev/null", writer => writer.Write("content"));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
        if (OperatingSystem.IsLinux())
        {
            Assert.StartsWith("cannot write /dev/full: ", Assert.Throws<IOException>(() =>
                AtomicFile.Write("/dev/full", s => s.Write(new byte[9999]))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_as_long_as_names_can_be_is_written()
    {
        string name = string.Concat(Enumerable.Repeat("é", 125)) + ".json";
        AtomicFile.WriteText(_folder[name], writer => writer.Write("content"));
        Assert.Equal(_folder[name], Assert.Single(Directory.GetFiles(_folder.Path)));
    }

    [SkippableFact]
    public void A_file_that_others_may_not_read_remains_so()
    {
        if (OperatingSystem.IsWindows())
            throw new SkipException("permissions of Windows are those of the folder");
        File.WriteAllText(_folder["a"], "old");
        File.SetUnixFileMode(_folder["a"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.WriteText(_folder["a"], writer => writer.Write("new"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["a"]));
    }

    [Fact]
    public void Remains_of_writes_are_deleted_and_nothing_else()
    {
        string[] others = ["a", "a.tmp", "a.old.tmp", "b.0123456789abcdef0123456789abcdef.tmp",
            "a.0123456789ABCDEF0123456789ABCDEF.tmp"];
        foreach (string name in (string[])[.. others, "a.0123456789abcdef0123456789abcdef.tmp"])
            File.WriteAllText(_folder[name], "");
        AtomicFile.DeleteRemains(_folder.Path, "a");
        Assert.Equal(others.Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }
}
