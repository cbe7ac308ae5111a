using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Amd;
using IlgpuDistance.Checks.Compilers.Intel;
using IlgpuDistance.Checks.Compilers.Nvidia;
using IlgpuDistance.Checks.Tests.Compilers.Nvidia;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Tests.Compilers;

public sealed class RequirementsTests
{
    private const string CleanPtx = ".shared .align 16 .b8 tile[8704];\nld.shared.v4.f32 {%f64, %f1, %f2, %f3}, [%r1];";

    private static readonly string Fast = NvidiaListings.Product.Replace(
        "        /*00f0*/                   FADD R43, R13, R25 ;",
        string.Join('\n', Enumerable.Repeat("        /*00f0*/                   FFMA R43, R13, R25, R43 ;", 12)),
        StringComparison.Ordinal);

    private static Kernel Product { get; } = KernelCatalogue.All.First(kernel => kernel.Name == "linear-forward-floats-wide");

    private static Kernel Prototype
    {
        get;
    } = KernelCatalogue.All.First(kernel => kernel.Name == "offset-l2-paper-forward-floats");

    private static Target TargetOf(string name) =>
        Multiprocessor.All.Concat<Target>(AmdGpu.All).Concat(IntelGpu.All).Single(target => target.Name == name);

    private static CompiledKernel Compiled(
        Kernel kernel, string? listing = null, string source = CleanPtx, int spills = 0, int local = 0, int? shared = null,
        int resident = 16, Target? target = null) =>
        new(kernel, target ?? Multiprocessor.All[1], source,
            new ResourceUsage(Registers: 96, spills, local, shared ?? kernel.SharedBytes, resident),
            new MachineCode(listing ?? Fast, new NvidiaInstructions()));

    private static void AssertProblem(string expected, CompiledKernel kernel) => Assert.Equal(
        $"{kernel.Kernel.Name}, {kernel.Target.Name}: {expected}", Assert.Single(Requirements.ProblemsOf(kernel)));

    [Fact]
    public void A_good_kernel_has_no_problem() => Assert.Empty(Requirements.ProblemsOf(Compiled(Product)));

    [Fact]
    public void Spills_are_a_problem() => AssertProblem("spills 8 bytes of registers", Compiled(Product, spills: 8));

    [Fact]
    public void Local_memory_is_a_problem() => AssertProblem("uses 16 bytes of local memory", Compiled(Product, local: 16));

    [Fact]
    public void Shared_memory_may_be_less_where_a_compiler_drops_what_is_never_read()
    {
        Target gfx942 = TargetOf("gfx942");
        Assert.Empty(Requirements.ProblemsOf(Compiled(Product, shared: 512, target: gfx942)));
        AssertProblem($"uses 65536 bytes of shared memory, but the catalogue says {Product.SharedBytes}",
            Compiled(Product, shared: 65536, target: gfx942));
    }

    [Fact]
    public void Shared_memory_that_the_catalogue_does_not_know_of_is_a_problem() =>
        AssertProblem($"uses 512 bytes of shared memory, but the catalogue says {Product.SharedBytes}",
            Compiled(Product, shared: 512));

    [Theory]
    [InlineData("sm_80", 15, "15 of 64 warps, at least 16 are wanted")]
    [InlineData("sm_86", 11, "11 of 48 warps, at least 12 are wanted")]
    [InlineData("gfx906", 0, "0 of 10 waves, at least 1 are wanted")]
    [InlineData("gfx90a", 1, "1 of 8 waves, at least 2 are wanted")]
    [InlineData("gfx942", 1, "1 of 8 waves, at least 2 are wanted")]
    [InlineData("gfx1100", 3, "3 of 16 waves, at least 4 are wanted")]
    [InlineData("pvc", 8, "8 of 32 work-items, at least 16 are wanted")]
    public void Low_occupancy_is_a_problem(string target, int resident, string problem) =>
        AssertProblem($"occupancy is {problem}", Compiled(Product, resident: resident, target: TargetOf(target)));

    [Fact]
    public void An_occupancy_that_cannot_be_better_is_no_problem_and_hides_none() => AssertProblem(
        "spills 128 bytes of registers", Compiled(Product, spills: 128, resident: 2, target: TargetOf("gfx90a")));

    [Theory]
    [InlineData("dg2")]
    [InlineData("gfx1201")]
    public void Spills_are_a_problem_on_every_vendor(string target) =>
        AssertProblem("spills 128 bytes of registers", Compiled(Product, spills: 128, target: TargetOf(target)));

    [Fact]
    public void Spills_are_allowed_where_a_device_has_few_registers() =>
        Assert.Empty(Requirements.ProblemsOf(Compiled(Product, spills: 128, target: TargetOf("pvc"))));

    [Theory]
    [InlineData("double var1;", "double")]
    [InlineData("atomic_fetch_add(&var2, 1);", "atomic_fetch_add")]
    [InlineData("var3 = sub_group_reduce_add(var4);", "sub_group_reduce_add")]
    public void OpenCL_has_the_same_limits(string line, string named)
    {
        foreach (string target in new[] { "gfx942", "dg2" })
        {
            AssertProblem($"OpenCL C has {named}: no float64, no atomics, no sub-group functions",
                Compiled(Product, source: $"kernel void Kernel_Run()\n{{\n\t{line}\n}}\n", target: TargetOf(target)));
        }
    }

    [Fact]
    public void A_product_that_multiplies_and_adds_too_rarely_is_a_problem() =>
        AssertProblem("FMA is 30 % of the innermost loop, at least 60 % is wanted", Compiled(Product, NvidiaListings.Product));

    [Fact]
    public void A_prototype_may_add_and_multiply_as_well() =>
        AssertProblem("arithmetic of float32 is 40 % of the innermost loop, at least 60 % is wanted",
            Compiled(Prototype, NvidiaListings.Product));

    [Fact]
    public void A_product_without_a_loop_of_multiply_adds_is_a_problem() =>
        AssertProblem("no loop has fused multiply-adds of values from shared memory",
            Compiled(Product, Fast.Replace("LDS", "LDSM", StringComparison.Ordinal)));

    [Fact]
    public void Narrow_loads_from_shared_memory_are_a_problem() => AssertProblem(
        "1 loads from shared memory in the innermost loop are 64 bits wide, not 128",
        Compiled(Product, Fast.Replace("LDS.U.128", "LDS.U.64", StringComparison.Ordinal)));

    [Fact]
    public void Narrow_stores_to_global_memory_are_a_problem() => AssertProblem(
        "STG.E moves 32 bits to or from global memory, not 128",
        Compiled(Product, Fast.Replace("STG.E.128", "STG.E", StringComparison.Ordinal)));

    [Fact]
    public void Shared_memory_that_is_not_aligned_for_wide_loads_is_a_problem() => AssertProblem(
        "shared memory is aligned to 4 bytes, 128-bit loads need 16",
        Compiled(Product, source: CleanPtx.Replace(".align 16", ".align 4", StringComparison.Ordinal)));

    [Theory]
    [InlineData("cvt.rn.f64.u32	%fd1, %r34;", ".f64")]
    [InlineData("red.global.add.f32 [%rd1], %f1;", "red.global.add.f32")]
    [InlineData("atom.shared.add.u32 %r1, [%rd1], 1;", "atom.shared.add.u32")]
    [InlineData("shfl.sync.down.b32 %r1, %r2, 1, 31, -1;", "shfl.sync.down.b32")]
    [InlineData("vote.sync.any.pred %p1, %p2, -1;", "vote.sync.any.pred")]
    public void Float64_atomics_and_warp_functions_are_a_problem(string instruction, string named) =>
        AssertProblem($"PTX has {named}: no float64, no atomics, no warp functions",
            Compiled(Product, source: $"{CleanPtx}\n{instruction}"));
}
