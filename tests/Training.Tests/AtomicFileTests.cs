using IlgpuDistance.Tests;

namespace IlgpuDistance.Training.Tests;

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
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder["a"], _ => throw new InvalidOperationException()));
        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_an_error_that_names_the_file() =>
        Assert.Contains(_folder["no/a"], Assert.Throws<IOException>(() => AtomicFile.Write(_folder["no/a"], _ => { })).Message, StringComparison.Ordinal);
}
