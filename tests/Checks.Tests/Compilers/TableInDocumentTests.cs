using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Checks.Tests.Compilers;

public sealed class TableInDocumentTests : IDisposable
{
    private const string Document = """
        # Kernels

        <!-- check-amd: scripts/check-amd --update writes what follows -->

        | old |

        <!-- check-amd: end -->

        More.

        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Only_what_is_between_the_marks_is_replaced()
    {
        File.WriteAllText(_folder["kernels.md"], Document);
        var table = new TableInDocument(_folder["kernels.md"], "check-amd");
        Assert.Equal("| old |\n", table.Read());
        table.Write("| new |\n| newer |\n");
        Assert.Equal("| new |\n| newer |\n", table.Read());
        Assert.Equal(Document.Replace("| old |", "| new |\n| newer |", StringComparison.Ordinal),
            File.ReadAllText(_folder["kernels.md"]));
    }

    [Fact]
    public void A_document_without_marks_is_left_alone()
    {
        File.WriteAllText(_folder["other.md"], "# Other\n");
        Assert.Throws<InputException>(() => new TableInDocument(_folder["other.md"], "check-amd").Write("| new |"));
        Assert.Equal("# Other\n", File.ReadAllText(_folder["other.md"]));
    }

    [Fact]
    public void A_document_that_is_not_there_is_named() =>
        Assert.Contains("kernels.md: no such file", Assert.Throws<InputException>(() =>
            new TableInDocument(_folder["kernels.md"], "check-amd").Read()).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
