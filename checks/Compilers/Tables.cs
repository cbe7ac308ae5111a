using System.Globalization;
using Spectre.Console;

namespace IlgpuDistance.Checks.Compilers;

/// <summary>What was found, as a table for people and as one for kernels.md.</summary>
internal static class Tables
{
    /// <summary>Wide enough that no line is broken.</summary>
    private const int UnlimitedWidth = 10_000;

    private static readonly (string Header, InstructionKind Kind)[] Kinds =
    [
        ("FMA", InstructionKind.Fma), ("other FP32", InstructionKind.Arithmetic), ("integer", InstructionKind.Integer),
        ("control", InstructionKind.Control), ("global", InstructionKind.GlobalMemory), ("scratch", InstructionKind.Scratch),
        ("other", InstructionKind.Other),
    ];

    /// <summary>Prints a row for each kernel and device.</summary>
    public static void Print(IEnumerable<CompiledKernel> kernels)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("kernel").AddColumn("device");
        string[] numbers =
            ["registers", "spills", "local", "shared", "occupancy", "loop", .. Kinds.Select(kind => kind.Header), "shared loads",
                "shared stores", "FMA share", "FP32 share"];
        foreach (string header in numbers)
            table.AddColumn(header, column => column.RightAligned());
        table.AddColumn("opcodes counted as other");
        foreach (CompiledKernel kernel in kernels)
            table.AddRow([.. RowOf(kernel).Select(cell => new Text(cell))]);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
        console.Profile.Width = UnlimitedWidth;
        console.Write(table);
    }

    private static string[] RowOf(CompiledKernel kernel)
    {
        ResourceUsage resources = kernel.Resources;
        string[] common =
        [
            kernel.Kernel.Name, kernel.Target.Name, Number(resources.Registers), Number(resources.SpillBytes),
            Number(resources.LocalBytes), Number(resources.SharedBytes),
            $"{resources.Resident} of {kernel.Target.MostResident}",
        ];
        return kernel.Loop is not { } loop ? common :
        [
            .. common, Number(loop.Total), .. Kinds.Select(kind => Number(loop[kind.Kind])),
            Widths(loop, InstructionKind.SharedLoad), Widths(loop, InstructionKind.SharedStore), Percent(loop.FmaShare),
            Percent(loop.ArithmeticShare),
            string.Join(", ", loop.Opcodes(InstructionKind.Other).Select(pair => $"{pair.Count} {pair.Opcode}")),
        ];
    }

    /// <summary>
    /// A row for each product: registers, spills where there are some, and occupancy on all devices, the innermost loop on one,
    /// and the least share on all; then a line about the other kernels.
    /// </summary>
    /// <param name="kernels">All kernels on all devices.</param>
    /// <param name="compiler">What compiled them.</param>
    public static string Markdown(IReadOnlyList<CompiledKernel> kernels, Compiler compiler)
    {
        bool maySpill = compiler.Targets.Any(target => target.MaySpill);
        string[] headings =
        [
            "kernel", "shared", "registers", .. maySpill ? ["spilled bytes"] : Array.Empty<string>(), "occupancy", "loop", "FMA",
            "other FP32", "shared loads", "integer", "control", "other", "FMA", "FP32",
        ];
        string[] lines =
        [
            .. kernels.Where(kernel => kernel.Kernel.IsProduct).GroupBy(kernel => kernel.Kernel)
                .Select(group => MarkdownRow([.. group], compiler.Shown, maySpill))
                .Select(row => $"| {string.Join(" | ", row)} |"),
        ];
        string Join(string separator, Func<Target, string> text) => string.Join(separator, compiler.Targets.Select(text));
        CompiledKernel[] others = [.. kernels.Where(kernel => !kernel.Kernel.IsProduct)];
        return $"""
            {compiler.Version}. Registers and occupancy for {Join(", ", target => target.Name)}; occupancy in
            {compiler.Targets[0].ResidentUnit}, at most {Join(" ", target => Number(target.MostResident))}. The loop is that of
            {compiler.Shown}; the shares at the end are the least of all devices.

            | {string.Join(" | ", headings)} |
            |---|--:|---|---|{string.Concat(Enumerable.Repeat("--:|", headings.Length - 4))}
            {string.Join('\n', lines)}

            The other {others.DistinctBy(kernel => kernel.Kernel).Count()} kernels take at most
            {others.Max(kernel => kernel.Resources.Registers)} registers and leave an occupancy of at least
            {Percent(others.Min(kernel => (double)kernel.Resources.Resident / kernel.Target.MostResident))}.

            """;
    }

    private static string[] MarkdownRow(CompiledKernel[] kernels, string shown, bool maySpill)
    {
        CompiledKernel one = kernels.First(kernel => kernel.Target.Name == shown);
        string OnAll(Func<ResourceUsage, int> figure) =>
            string.Join(" ", kernels.Select(kernel => Number(figure(kernel.Resources))));
        string[] common =
        [
            one.Kernel.Name, Number(one.Resources.SharedBytes), OnAll(used => used.Registers),
            .. maySpill ? [OnAll(used => used.SpillBytes)] : Array.Empty<string>(), OnAll(used => used.Resident),
        ];
        return one.Loop is not { } loop ? [.. common, .. Enumerable.Repeat("", 9)] :
        [
            .. common, Number(loop.Total), Number(loop[InstructionKind.Fma]), Number(loop[InstructionKind.Arithmetic]),
            Number(loop[InstructionKind.SharedLoad]), Number(loop[InstructionKind.Integer]),
            Number(loop[InstructionKind.Control]),
            Number(loop[InstructionKind.Other] + loop[InstructionKind.GlobalMemory] + loop[InstructionKind.Scratch]
                + loop[InstructionKind.SharedStore] + loop[InstructionKind.Barrier]),
            Percent(kernels.Min(kernel => kernel.Loop?.FmaShare ?? 0)),
            Percent(kernels.Min(kernel => kernel.Loop?.ArithmeticShare ?? 0)),
        ];
    }

    private static string Widths(InstructionMix loop, InstructionKind kind) =>
        string.Join(", ", loop.Widths(kind).Select(pair => $"{pair.Count} × {pair.Width}"));

    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Rounded down: what is a little less than required must not look like it.</summary>
    public static string Percent(double share) => $"{Number((int)(100 * share))} %";
}
