using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Library.Tests;

public sealed class PublicTypeTests
{
    [Fact]
    public void What_is_public_is_what_was_decided_to_be()
    {
        string[] decided = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicTypes.txt"));
        string[] found =
        [
            .. new[] { typeof(IExecutor), typeof(Trainer) }
                .SelectMany(type => type.Assembly.GetExportedTypes()).Select(type => type.FullName!)
                    .Order(StringComparer.Ordinal),
        ];
        string list = string.Join('\n', found);
        Assert.True(
            decided.SequenceEqual(found),
            $"public are also: {string.Join(", ", found.Except(decided))}; no more: " +
                $"{string.Join(", ", decided.Except(found))}. " +
            $"Make internal what no user of the library needs; else write to tests/Library.Tests/PublicTypes.txt:\n{list}");
    }
}
