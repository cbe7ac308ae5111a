using IlgpuDistance.Checks.Ptx;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Tests.Ptx;

public sealed class RequirementsTests
{
    private const string CleanPtx = ".shared .align 16 .b8 tile[8704];\nld.shared.v4.f32 {%f64, %f1, %f2, %f3}, [%r1];";

    private static readonly string Fast = Listings.Product.Replace(
        "        /*00f0*/                   FADD R43, R13, R25 ;",
        string.Join('\n', Enumerable.Repeat("        /*00f0*/                   FFMA R43, R13, R25, R43 ;", 12)),
        StringComparison.Ordinal);

    private static Kernel Product { get; } = KernelCatalogue.All.First(kernel => kernel.Name == "linear-forward-floats-wide");

    private static Kernel Prototype
    {
        get;
    } = KernelCatalogue.All.First(kernel => kernel.Name == "offset-l2-paper-forward-floats");

    private static AssembledKernel Assembled(
        Kernel kernel, string? listing = null, string ptx = CleanPtx, int registers = 96, int spills = 0, int local = 0,
        int? shared = null) =>
        new(kernel, Multiprocessor.All[1], ptx, new ResourceUsage(registers, spills, local, shared ?? kernel.SharedBytes),
            new MachineCode(listing ?? Fast));

    private static void AssertProblem(string expected, AssembledKernel kernel) =>
        Assert.Equal($"{kernel.Kernel.Name}, sm_80: {expected}", Assert.Single(Requirements.ProblemsOf(kernel)));

    [Fact]
    public void A_good_kernel_has_no_problem() => Assert.Empty(Requirements.ProblemsOf(Assembled(Product)));

    [Fact]
    public void Spills_are_a_problem() => AssertProblem("spills 8 bytes of registers", Assembled(Product, spills: 8));

    [Fact]
    public void Local_memory_is_a_problem() => AssertProblem("uses 16 bytes of local memory", Assembled(Product, local: 16));

    [Fact]
    public void Shared_memory_that_the_catalogue_does_not_know_of_is_a_problem() =>
        AssertProblem($"uses 512 bytes of shared memory, but the catalogue says {Product.SharedBytes}",
            Assembled(Product, shared: 512));

    [Fact]
    public void Low_occupancy_is_a_problem() =>
        AssertProblem("occupancy is 18 %, at least 25 % is wanted", Assembled(Product, registers: 168));

    [Fact]
    public void A_product_that_multiplies_and_adds_too_rarely_is_a_problem() =>
        AssertProblem("FFMA is 30 % of the innermost loop, at least 60 % is wanted", Assembled(Product, Listings.Product));

    [Fact]
    public void A_prototype_may_add_and_multiply_as_well() =>
        AssertProblem("arithmetic of float32 is 40 % of the innermost loop, at least 60 % is wanted",
            Assembled(Prototype, Listings.Product));

    [Fact]
    public void A_product_without_a_loop_of_multiply_adds_is_a_problem() =>
        AssertProblem("no loop has fused multiply-adds of values from shared memory",
            Assembled(Product, Fast.Replace("LDS", "LDSM", StringComparison.Ordinal)));

    [Fact]
    public void Narrow_loads_from_shared_memory_are_a_problem() => AssertProblem(
        "1 loads from shared memory in the innermost loop are 64 bits wide, not 128",
        Assembled(Product, Fast.Replace("LDS.U.128", "LDS.U.64", StringComparison.Ordinal)));

    [Fact]
    public void Narrow_stores_to_global_memory_are_a_problem() => AssertProblem(
        "STG.E moves 32 bits to or from global memory, not 128",
        Assembled(Product, Fast.Replace("STG.E.128", "STG.E", StringComparison.Ordinal)));

    [Fact]
    public void Shared_memory_that_is_not_aligned_for_wide_loads_is_a_problem() => AssertProblem(
        "shared memory is aligned to 4 bytes, 128-bit loads need 16",
        Assembled(Product, ptx: CleanPtx.Replace(".align 16", ".align 4", StringComparison.Ordinal)));

    [Theory]
    [InlineData("cvt.rn.f64.u32	%fd1, %r34;", ".f64")]
    [InlineData("red.global.add.f32 [%rd1], %f1;", "red.global.add.f32")]
    [InlineData("atom.shared.add.u32 %r1, [%rd1], 1;", "atom.shared.add.u32")]
    [InlineData("shfl.sync.down.b32 %r1, %r2, 1, 31, -1;", "shfl.sync.down.b32")]
    [InlineData("vote.sync.any.pred %p1, %p2, -1;", "vote.sync.any.pred")]
    public void Float64_atomics_and_warp_functions_are_a_problem(string instruction, string named) =>
        AssertProblem($"PTX has {named}: no float64, no atomics, no warp functions",
            Assembled(Product, ptx: $"{CleanPtx}\n{instruction}"));
}
