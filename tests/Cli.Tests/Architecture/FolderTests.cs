namespace IlgpuDistance.Cli.Tests.Architecture;

/// <summary>No folder of a project uses another that uses it, directly or through others.</summary>
public sealed class FolderTests
{
    [Theory]
    [InlineData("IlgpuDistance.Gpu")]
    [InlineData("IlgpuDistance.Training")]
    public void No_folder_uses_another_that_uses_it(string assembly)
    {
        IReadOnlySet<(string User, string Used)> uses = TypeUses.In(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        // Thousands, of which there would be none where the file is read wrongly.
        Assert.True(uses.Count > 200, $"{uses.Count} uses");
        IEnumerable<string> cycles = FolderCycles.Find(uses)
            .Concat(FolderCycles.Find(uses.Select(use => (InTopFolder(use.User), InTopFolder(use.Used)))));
        Assert.True(!cycles.Any(), $"{assembly}: folders that use each other\n{string.Join("\n\n", cycles)}");
    }

    /// <summary>A type's name as if it lay in the folder that holds its own: IlgpuDistance.Training.Analysis.Dots.</summary>
    private static string InTopFolder(string type)
    {
        string[] parts = type.Split('.');
        return parts.Length <= 4 ? type : string.Join('.', parts[..3].Append(parts[^1]));
    }

    [Fact]
    public void A_cycle_is_told_with_the_types_that_make_it()
    {
        (string, string)[] uses =
        [
            ("A.Within.One", "A.Two"), ("A.Two", "B.Three"), ("A.Six", "B.Three"), ("B.Three", "C.Four"),
            ("C.Four", "A.Within.Five"),
            ("D.Seven", "B.Three"), ("A.Two", "A.Six"), ("A.Six", "A.Two"),
        ];
        string cycle = """
            A -> B: Six uses Three, Two uses Three
            B -> C: Three uses Four
            C -> A.Within: Four uses Five
            A.Within -> A: One uses Two
            """;
        Assert.Equal([cycle], FolderCycles.Find(uses));
        Assert.Empty(FolderCycles.Find(uses.Where(use => use != ("A.Within.One", "A.Two"))));
    }

    [Fact]
    public void Uses_are_found_in_base_types_signatures_fields_attributes_and_code()
    {
        const string Here = "IlgpuDistance.Cli.Tests.Architecture.";
        IReadOnlySet<(string User, string Used)> uses = TypeUses.In(typeof(FolderTests).Assembly.Location);
        Assert.All(
            [
                nameof(TheBase), nameof(TheInterface), nameof(TheField), nameof(TheParameter), nameof(TheArgument),
                nameof(TheAttribute), nameof(TheCallee),
                nameof(TheConstraint), nameof(TheElement), nameof(TheException), nameof(TheToken), nameof(TheLambda),
                nameof(TheYield),
            ],
            name => Assert.Contains((Here + nameof(TheUser), Here + name), uses));
        Assert.DoesNotContain((Here + nameof(TheUser), Here + nameof(TheConstant)), uses);
    }
}
