using System.Diagnostics;
using CommandLine;
using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Verbs;

/// <summary>What a vendor's compiler makes of all kernels.</summary>
internal abstract class CompilerVerb : CheckVerb
{
    [Option("compiler", Required = true, MetaValue = "FOLDER",
        HelpText = "The folder that holds the compiler: what scripts/get-compiler prints.")]
    public string Folder { get; set; } = "";

    [Option("devices", MetaValue = "LIST", Separator = ',', HelpText = "Only these devices; the table is then not compared.")]
    public IEnumerable<string> Devices { get; set; } = [];

    [Option("document", Default = "kernels.md", MetaValue = "FILE", HelpText = "The file that holds the table.")]
    public string Document { get; set; } = "";

    [Option("update", HelpText = "Write the table into the document.")]
    public bool Update { get; set; }

    [Option("brief", HelpText = "Print no table, only what is wrong and one line that sums up.")]
    public bool Brief { get; set; }

    /// <summary>Takes the compiler from its folder.</summary>
    protected abstract Compiler Open(string folder);

    public override int Run()
    {
        var clock = Stopwatch.StartNew();
        Compiler compiler = Open(Folder);
        Target[] targets = [.. Chosen(compiler)];
        IReadOnlyList<CompiledKernel> kernels = compiler.CompileAll(targets);
        if (!Brief)
            Tables.Print(kernels);

        List<string> problems = [.. kernels.SelectMany(Requirements.ProblemsOf)];
        string table = compiler.IsInDocument && targets.Length == compiler.Targets.Count
            ? Compare(Tables.Markdown(kernels, compiler), compiler, problems) : $"the table in {Document} was not compared";
        Report(problems);
        if (problems.Count == 0)
        {
            Console.Out.WriteLine($"{compiler.Script}: {Summary(kernels, targets, compiler.Version)}; {table}; " +
                $"{clock.Elapsed.TotalSeconds:0} s");
        }

        return problems.Count == 0 ? 0 : 1;
    }

    private IEnumerable<Target> Chosen(Compiler compiler)
    {
        string[] names = [.. Devices];
        if (names.Except(compiler.Targets.Select(target => target.Name)).FirstOrDefault() is { } unknown)
        {
            throw new InputException($"device \"{unknown}\": expected some of " +
                $"{string.Join(", ", compiler.Targets.Select(target => target.Name))}");
        }

        return compiler.Targets.Where(target => names.Length == 0 || names.Contains(target.Name));
    }

    /// <summary>Compares the table with that of the document, or writes it there, and says which.</summary>
    private string Compare(string table, Compiler compiler, List<string> problems)
    {
        var document = new TableInDocument(Document, compiler.Script);
        if (Update)
            document.Write(table);
        string written = document.Read();
        if (!written.StartsWith($"{compiler.Version}.", StringComparison.Ordinal))
            return $"the table in {Document} is another version's and was not compared";
        if (written != table)
        {
            problems.Add($"{Document}: its table of machine code is not that of the kernels; " +
                $"scripts/{compiler.Script} --update writes it");
        }

        return $"the table in {Document} is {(Update ? "written" : "true")}";
    }

    private static string Summary(IReadOnlyList<CompiledKernel> kernels, Target[] targets, string version)
    {
        CompiledKernel[] products = [.. kernels.Where(kernel => kernel.Kernel.IsProduct)];
        CompiledKernel least = products.MinBy(kernel => (double)kernel.Resources.Resident / kernel.Target.MostResident)!;
        double matrix = products.Where(kernel => !kernel.HasPrototypeStep).Min(kernel => kernel.Loop!.FmaShare);
        double prototype = products.Where(kernel => kernel.HasPrototypeStep).Min(kernel => kernel.Loop!.ArithmeticShare);
        string mostSpilled = Tables.Number(kernels.Max(kernel => kernel.Resources.SpillBytes));
        string spills = targets.FirstOrDefault(target => target.MaySpill) is { } spilling
            ? $"no spills but on {spilling.Name} (at most {mostSpilled} bytes)" : "no spills";
        return $"{kernels.DistinctBy(kernel => kernel.Kernel).Count()} kernels × {targets.Length} devices with {version}, " +
            $"{spills}, no local memory, float64, atomics or warp functions; products: occupancy at least " +
            $"{least.Resources.Resident} of {least.Target.MostResident} {least.Target.ResidentUnit}, FMA at least " +
            $"{Tables.Percent(matrix)} of the innermost loop of matrix products, FP32 at least {Tables.Percent(prototype)} in " +
            "prototype kernels, shared loads 128 bits";
    }
}
