using System.Globalization;
using Spectre.Console;

namespace IlgpuDistance.Checks.Ptx;

/// <summary>What was found, as a table for people and as one for kernels.md.</summary>
internal static class Tables
{
    /// <summary>Wide enough that no line is broken.</summary>
    private const int UnlimitedWidth = 10_000;

    private static readonly (string Header, InstructionKind Kind)[] Kinds =
    [
        ("FFMA", InstructionKind.Ffma), ("FADD, FMUL", InstructionKind.FaddOrFmul), ("integer", InstructionKind.Integer),
        ("control", InstructionKind.Control), ("global", InstructionKind.GlobalMemory), ("other", InstructionKind.Other),
    ];

    /// <summary>Prints a row for each kernel and architecture.</summary>
    public static void Print(IEnumerable<AssembledKernel> kernels)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("kernel").AddColumn("arch");
        string[] numbers =
            ["registers", "spills", "local", "shared", "occupancy", "loop", .. Kinds.Select(kind => kind.Header), "LDS", "STS",
                "FFMA share", "FP32 share"];
        foreach (string header in numbers)
            table.AddColumn(header, column => column.RightAligned());
        table.AddColumn("opcodes counted as other");
        foreach (AssembledKernel kernel in kernels)
            table.AddRow([.. RowOf(kernel).Select(cell => new Text(cell))]);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
        console.Profile.Width = UnlimitedWidth;
        console.Write(table);
    }

    private static string[] RowOf(AssembledKernel kernel)
    {
        ResourceUsage resources = kernel.Resources;
        string[] common =
        [
            kernel.Kernel.Name, kernel.Architecture.Architecture, Number(resources.Registers), Number(resources.SpillBytes),
            Number(resources.LocalBytes), Number(resources.SharedBytes), Percent(kernel.Occupancy),
        ];
        return kernel.Loop is not { } loop ? common :
        [
            .. common, Number(loop.Total), .. Kinds.Select(kind => Number(loop[kind.Kind])),
            Widths(loop, InstructionKind.SharedLoad),
            Widths(loop, InstructionKind.SharedStore), Percent(loop.FfmaShare), Percent(loop.ArithmeticShare),
            string.Join(", ", loop.Opcodes(InstructionKind.Other).Select(pair => $"{pair.Count} {pair.Opcode}")),
        ];
    }

    /// <summary>
    /// A row for each kernel: registers and occupancy on all architectures, the innermost loop on one, and the least share on
    /// all.
    /// </summary>
    /// <param name="kernels">All kernels on all architectures.</param>
    /// <param name="shown">The architecture whose loop is shown.</param>
    /// <param name="version">That of ptxas.</param>
    public static string Markdown(IEnumerable<AssembledKernel> kernels, string shown, string version)
    {
        string architectures = string.Join(" ", Multiprocessor.All.Select(one => one.Architecture[3..]));
        string[] headings =
        [
            "kernel", "shared", "registers", "occupancy, %", "loop", "FFMA", "FADD FMUL", "LDS.128", "integer", "control",
            "other", "FFMA", "FP32",
        ];
        IEnumerable<IEnumerable<string>> rows =
            kernels.GroupBy(kernel => kernel.Kernel).Select(group => MarkdownRow([.. group], shown)).Prepend(headings);
        string[] lines = [.. rows.Select(row => $"| {string.Join(" | ", row)} |")];
        return $"""
            ptxas {version}. Registers and occupancy for sm_ {architectures};
            the innermost loop for {shown}; shares: the least of all five.

            {lines[0]}
            |---|--:|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            {string.Join('\n', lines[1..])}

            """;
    }

    private static string[] MarkdownRow(AssembledKernel[] kernels, string shown)
    {
        AssembledKernel one = kernels.First(kernel => kernel.Architecture.Architecture == shown);
        string[] common =
        [
            one.Kernel.Name, Number(one.Resources.SharedBytes),
            string.Join(" ", kernels.Select(kernel => Number(kernel.Resources.Registers))),
            string.Join(" ", kernels.Select(kernel => Number((int)(100 * kernel.Occupancy)))),
        ];
        return one.Loop is not { } loop ? [.. common, .. Enumerable.Repeat("", 9)] :
        [
            .. common, Number(loop.Total), Number(loop[InstructionKind.Ffma]), Number(loop[InstructionKind.FaddOrFmul]),
            Number(loop[InstructionKind.SharedLoad]), Number(loop[InstructionKind.Integer]),
            Number(loop[InstructionKind.Control]),
            Number(loop[InstructionKind.Other] + loop[InstructionKind.GlobalMemory] + loop[InstructionKind.SharedStore]),
            Percent(kernels.Min(kernel => kernel.Loop?.FfmaShare ?? 0)),
            Percent(kernels.Min(kernel => kernel.Loop?.ArithmeticShare ?? 0)),
        ];
    }

    private static string Widths(InstructionMix loop, InstructionKind kind) =>
        string.Join(", ", loop.Widths(kind).Select(pair => $"{pair.Count} × {pair.Width}"));

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Rounded down: what is a little less than required must not look like it.</summary>
    public static string Percent(double share) => $"{Number((int)(100 * share))} %";
}
