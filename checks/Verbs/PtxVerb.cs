using System.Diagnostics;
using CommandLine;
using IlgpuDistance.Checks.Ptx;
using IlgpuDistance.Cli.Verbs;

namespace IlgpuDistance.Checks.Verbs;

[Verb("ptx", HelpText = "Assemble all kernels for NVIDIA's architectures and check the machine code.")]
internal sealed class PtxVerb : CheckVerb
{
    /// <summary>The architecture whose innermost loop kernels.md shows.</summary>
    private const string Shown = "sm_80";

    [Option("assembler", Required = true, MetaValue = "FOLDER", HelpText = "The folder that holds ptxas and nvdisasm.")]
    public string Folder { get; set; } = "";

    [Option("document", Default = "kernels.md", MetaValue = "FILE", HelpText = "The file that holds the table.")]
    public string Document { get; set; } = "";

    [Option("update", HelpText = "Write the table into the document.")]
    public bool Update { get; set; }

    [Option("brief", HelpText = "Print no table, only what is wrong and one line that sums up.")]
    public bool Brief { get; set; }

    public override int Run()
    {
        var clock = Stopwatch.StartNew();
        var assembler = new Assembler(Folder);
        IReadOnlyList<AssembledKernel> kernels = AssembledKernel.AssembleAll(assembler);
        if (!Brief)
            Tables.Print(kernels);

        List<string> problems = [.. kernels.SelectMany(Requirements.ProblemsOf)];
        string note = Compare(Tables.Markdown(kernels, Shown, assembler.Version), assembler.Version, problems);
        Report(problems);
        if (problems.Count == 0)
            Console.Out.WriteLine($"check-ptx: {Summary(kernels, assembler.Version)}; {note}; {clock.Elapsed.TotalSeconds:0} s");
        return problems.Count == 0 ? 0 : 1;
    }

    /// <summary>Compares the table with that of the document, or writes it there, and says which.</summary>
    private string Compare(string table, string version, List<string> problems)
    {
        var document = new TableInDocument(Document);
        if (Update)
            document.Write(table);
        string written = document.Read();
        if (!written.StartsWith($"ptxas {version}.", StringComparison.Ordinal))
            return $"the table in {Document} is another version's and was not compared";
        if (written != table)
        {
            problems.Add(
                $"{Document}: its table of machine code is not that of the kernels; scripts/check-ptx --update writes it");
        }

        return $"the table in {Document} is {(Update ? "written" : "true")}";
    }

    private static string Summary(IReadOnlyList<AssembledKernel> kernels, string version)
    {
        AssembledKernel[] products = [.. kernels.Where(kernel => kernel.Kernel.IsProduct)];
        double matrix = products.Where(kernel => !kernel.HasPrototypeStep).Min(kernel => kernel.Loop!.FfmaShare);
        double prototype = products.Where(kernel => kernel.HasPrototypeStep).Min(kernel => kernel.Loop!.ArithmeticShare);
        return $"{kernels.DistinctBy(kernel => kernel.Kernel).Count()} kernels × {Multiprocessor.All.Count} architectures " +
            $"with ptxas {version}, " +
            "no spills, no local memory, no float64, atomics or warp functions; products: occupancy at least " +
            $"{Tables.Percent(products.Min(kernel => kernel.Occupancy))}, FFMA at least {Tables.Percent(matrix)} of the " +
                $"innermost loop of matrix products, " +
            $"FP32 at least {Tables.Percent(prototype)} in prototype kernels, shared loads 128 bits";
    }
}
